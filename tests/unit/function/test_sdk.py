"""The SDK's client: the same as boto3's, without the search for services, and with a limit per call."""

import contextlib
import importlib
import itertools
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.config import Config
from botocore.loaders import Loader

# Regions whose list of variants has none for dual-stack: there the SDK fails before it asks its rule set.
WITHOUT_DUAL_STACK = {
    (region, True)
    for region in (
        "us-iso-east-1",
        "us-iso-west-1",
        "eu-isoe-west-1",
        "us-isof-east-1",
        "us-isof-south-1",
    )
}


def address(client: Any) -> str:
    """Return the host that a client's requests go to."""
    return str(urlsplit(client.generate_presigned_url("list_tables")).netloc)


@pytest.mark.parametrize("region", ["eu-west-3", "cn-north-1"])
def test_the_client_has_the_sdks_address_and_api_version(
    cold_start: Callable[..., AbstractContextManager[ModuleType]], region: str
) -> None:
    # Given a client made in the usual way
    sdks = botocore.session.get_session().create_client("dynamodb", region_name=region)

    # When the function starts with AWS_REGION
    with cold_start(AWS_REGION=region) as module:
        ours = module.record.dynamodb

        # Then its client has the same address and API version
        assert ours.meta.region_name == region
        assert address(ours) == address(sdks)
        assert ours.meta.service_model.api_version == sdks.meta.service_model.api_version


def test_without_the_list_of_regions_every_address_is_the_sdks(sdk: Any) -> None:
    # Given the SDK as it is, and with the function's loader
    usual, ours = botocore.session.get_session(), botocore.session.get_session()
    ours.register_component("data_loader", sdk.DynamoDBLoader())
    regions = [
        region
        for partition in usual.get_available_partitions()
        for region in usual.get_available_regions("dynamodb", partition)
    ]
    assert len(regions) > 40

    # When both make a client for each region, with FIPS and dual-stack or without
    different = []
    for region, fips, dual_stack in itertools.product(regions, (False, True), (False, True)):
        config = Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual_stack)
        made = [
            session.create_client("dynamodb", region_name=region, config=config)
            for session in (ours, usual)
            if session is ours or (region, dual_stack) not in WITHOUT_DUAL_STACK
        ]
        if len({address(client) for client in made}) != 1:
            different.append((region, fips, dual_stack))

    # Then their requests go to the same addresses
    assert different == []


def test_the_client_is_made_without_a_search_through_all_services(
    cold_start: Callable[..., AbstractContextManager[ModuleType]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an SDK that fails if it lists its services
    def search(*_: object) -> list[str]:
        pytest.fail("botocore looked through the folders of 400 services")

    monkeypatch.setattr(Loader, "list_available_services", search)

    # When the function starts, then it has its client
    with cold_start() as module:
        assert module.record.dynamodb.meta.service_model.service_name == "dynamodb"


@pytest.fixture
def sdk(cold_start: Callable[..., AbstractContextManager[ModuleType]]) -> Iterator[Any]:
    """Yield the module under test."""
    with cold_start():
        yield importlib.import_module("sdk")


def test_a_call_that_takes_too_long_is_interrupted(sdk: Any) -> None:
    # Given a hundredth of a second
    # When something takes a minute, then it is interrupted with a message for the log
    with (
        pytest.raises(sdk.OutOfTime, match=r"^the call as a whole took too long$"),
        sdk.at_most(0.01),
    ):
        time.sleep(60)


@pytest.mark.parametrize("fails", [False, True])
def test_a_call_in_time_leaves_no_timer_behind(sdk: Any, *, fails: bool) -> None:
    # Given a handler for SIGALRM
    before = signal.getsignal(signal.SIGALRM)

    # When a call succeeds in time, or fails
    with contextlib.suppress(ZeroDivisionError), sdk.at_most(60):
        during = signal.getsignal(signal.SIGALRM)
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 60
        1 / (not fails)

    # Then the timer is off, and the handler is the one before
    assert during != before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) == before


def test_a_call_in_another_thread_is_not_interrupted(sdk: Any) -> None:
    # Given a limit of a hundredth of a second in a thread, where no timer can be set
    def slowly() -> str:
        with sdk.at_most(0.01):
            time.sleep(0.05)
        return "done"

    # When something takes longer, then it finishes
    with ThreadPoolExecutor() as threads:
        assert threads.submit(slowly).result() == "done"
