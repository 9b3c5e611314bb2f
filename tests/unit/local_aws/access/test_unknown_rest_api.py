"""The address of a REST API, before anybody has made one."""

import sys

import pytest

from local_aws.moto_seams import apigateway


def test_no_stage_is_found_before_the_first_api(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a local AWS whose REST APIs nobody has used, so that moto's are not imported
    for name in [name for name in sys.modules if name.startswith("moto.apigateway.")]:
        monkeypatch.delitem(sys.modules, name)

    # When a stage is asked for
    # Then there is none
    assert apigateway.find("a1b2c3", "prod") is None
    assert "moto.apigateway.models" not in sys.modules
