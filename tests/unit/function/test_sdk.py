"""The SDK's client is its own in everything but the folders it does not look through."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import ModuleType

import botocore.session
import pytest
from botocore.loaders import Loader


@pytest.mark.parametrize("region", ["eu-west-3", "cn-north-1"])
def test_the_client_finds_the_table_where_the_sdk_would(
    cold_start: Callable[..., AbstractContextManager[ModuleType]], region: str
) -> None:
    # Given a client as the SDK makes it
    sdks = botocore.session.get_session().create_client("dynamodb", region_name=region)

    # When Lambda starts the function in that region, elsewhere than the machine's default
    with cold_start(AWS_REGION=region) as module:
        ours = module.record.dynamodb

        # Then its client speaks to the same place in the same version of the API
        assert ours.meta.region_name == region
        assert ours.meta.endpoint_url == sdks.meta.endpoint_url
        assert ours.meta.service_model.api_version == sdks.meta.service_model.api_version


def test_the_client_is_made_without_a_search_through_all_services(
    cold_start: Callable[..., AbstractContextManager[ModuleType]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an SDK that must not list its services
    def search(*_: object) -> list[str]:
        pytest.fail("botocore looked through the folders of 400 services")

    monkeypatch.setattr(Loader, "list_available_services", search)

    # When the function starts, then its client knows DynamoDB all the same
    with cold_start() as module:
        assert module.record.dynamodb.meta.service_model.service_name == "dynamodb"
