"""The zips of functions and layers can be downloaded from the URLs that GetFunction and GetLayerVersion give."""

import urllib.error
import urllib.request

import pytest

from tests.integration.deployed import zipped
from tests.integration.lambda_api.conftest import Prepared


def download(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - loopback
        content: bytes = answer.read()
    return content


def test_the_code_of_each_version_and_of_a_layer_can_be_downloaded(function: Prepared) -> None:
    # Given a version, newer code, and a layer
    service, name = function.service, function.name
    service.publish_version(FunctionName=name)
    service.update_function_code(FunctionName=name, ZipFile=zipped("probe.py", "new = 1"))
    layer = service.publish_layer_version(
        LayerName=f"layer-{name}", Content={"ZipFile": zipped("python/shared.py", "ANSWER = 42")}
    )

    # When each is asked for
    urls = [
        service.get_function(FunctionName=name, Qualifier="1")["Code"]["Location"],
        service.get_function(FunctionName=name)["Code"]["Location"],
        layer["Content"]["Location"],
    ]

    # Then each URL gives its zip
    assert [download(url) for url in urls] == [
        zipped("probe.py"),
        zipped("probe.py", "new = 1"),
        zipped("python/shared.py", "ANSWER = 42"),
    ]
    service.delete_layer_version(LayerName=f"layer-{name}", VersionNumber=layer["Version"])


@pytest.mark.parametrize("change", [("Expires=", "Expires=9"), ("Signature=", "Signature=0")])
def test_a_url_that_was_changed_gives_nothing(function: Prepared, change: tuple[str, str]) -> None:
    # Given a URL of which a part was changed
    url = function.service.get_function(FunctionName=function.name)["Code"]["Location"]

    # When it is used
    with pytest.raises(urllib.error.HTTPError) as refused:
        download(url.replace(*change))

    # Then it is denied
    with refused.value as answer:
        assert answer.code == 403
