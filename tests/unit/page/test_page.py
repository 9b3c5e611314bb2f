"""The page's function: one document that allows only its own style and script, and no markup from settings."""

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

import page

FLEET = json.dumps([{"Name": 'Ro"c<in', "Color": "Yellow", "Gender": "Female"}])


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the function's environment, and forget the page that was made before."""
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("FLEET", FLEET)
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"):
        monkeypatch.delenv(name, raising=False)
    page._page.cache_clear()
    yield
    page._page.cache_clear()


def served(path: str = "/", **headers: str) -> dict[str, Any]:
    event = {
        "rawPath": path,
        "headers": headers,
        "stageVariables": {"user_pool_id": 'p"><script>', "client_id": 'c"><script>'},
    }
    return page.handler(event, None)


def policy(answer: dict[str, Any]) -> dict[str, str]:
    directives = answer["headers"]["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (one.partition(" ") for one in directives)}


def inside(document: str, element: str) -> str:
    (text,) = re.findall(rf"<{element}[^>]*>(.*?)</{element}>", document, re.DOTALL)
    return str(text)


def test_the_policy_lets_in_the_documents_own_style_and_script_and_no_other() -> None:
    # Given the page
    answer = served()

    # When its policy is compared with what is in it
    hashes = {
        directive: base64.b64encode(
            hashlib.sha256(inside(answer["body"], element).encode()).digest()
        ).decode()
        for directive, element in (("style-src", "style"), ("script-src", "script"))
    }

    # Then exactly that is let in, and only the API and Cognito may be called
    assert policy(answer) == {
        "default-src": "'none'",
        "style-src": f"'sha256-{hashes['style-src']}'",
        "script-src": f"'sha256-{hashes['script-src']}'",
        "connect-src": "'self' https://cognito-idp.eu-west-1.amazonaws.com",
        "img-src": "data:",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
    }
    assert answer["headers"]["Strict-Transport-Security"] == "max-age=31536000"
    # The next page of the function has another policy: an old document must not meet it.
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert answer["headers"]["X-Content-Type-Options"] == "nosniff"
    assert answer["headers"]["Referrer-Policy"] == "no-referrer"
    assert answer["headers"]["Cross-Origin-Opener-Policy"] == "same-origin"


def test_its_settings_are_text_in_the_document_never_markup() -> None:
    # Given a client id and a fleet with markup in them
    # When the page is served
    body = re.search(r"<body [^>]*>", served()["body"])

    # Then they are the values of attributes
    assert body is not None
    values = dict(re.findall(r'data-([a-z-]+)="([^"]*)"', body[0]))
    assert html.unescape(values["client-id"]) == 'c"><script>'
    assert html.unescape(values["pool-id"]) == 'p"><script>'
    assert html.unescape(values["fleet"]) == FLEET
    assert served()["body"].count("<script") == 1


def test_a_browser_that_can_gets_it_zipped() -> None:
    # Given a browser that takes gzip, and one that does not
    zipped, plain = served(**{"accept-encoding": "gzip, br"}), served()

    # When both get the page
    # Then it is the same, and far smaller
    body = base64.b64decode(zipped["body"])
    assert zipped["isBase64Encoded"]
    assert zipped["headers"]["Content-Encoding"] == "gzip"
    assert gzip.decompress(body).decode() == plain["body"]
    assert len(body) < len(plain["body"]) / 2


def test_nothing_else_is_served() -> None:
    # Given another path, when it is asked for
    answer = served("/etc/passwd")

    # Then there is no such page, and no script in what says so
    assert answer["statusCode"] == 404
    assert policy(answer) == {"default-src": "'none'"}


@pytest.mark.parametrize(
    "region", [*boto3.Session().get_available_regions("cognito-idp"), "cn-north-1"]
)
def test_cognitos_address_is_the_sdks(region: str) -> None:
    # Given a region of AWS's
    # When the page looks for Cognito there
    # Then it finds what botocore finds
    client = boto3.client("cognito-idp", region_name=region)
    assert page.cognito_endpoint(region) == client.meta.endpoint_url


@pytest.mark.parametrize(
    ("variables", "endpoint"),
    [
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, "http://127.0.0.1:4566"),
        (
            {
                "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
                "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": "http://127.0.0.1:2",
            },
            "http://127.0.0.1:2",
        ),
    ],
)
def test_a_configured_endpoint_comes_first_as_in_the_sdks(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], endpoint: str
) -> None:
    # Given the SDKs' variables for endpoints
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    # When the page looks for Cognito
    # Then it takes the most specific one, as botocore does
    assert page.cognito_endpoint("eu-west-1") == endpoint
    assert boto3.client("cognito-idp", region_name="eu-west-1").meta.endpoint_url == endpoint
