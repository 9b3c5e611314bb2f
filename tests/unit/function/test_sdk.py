"""The SDK's client is its own in everything but the folders it does not look through."""

import contextlib
import importlib
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any

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


@pytest.fixture
def sdk(cold_start: Callable[..., AbstractContextManager[ModuleType]]) -> Iterator[Any]:
    """Give the module that calls the SDK."""
    with cold_start():
        yield importlib.import_module("sdk")


def test_what_takes_too_long_is_ended(sdk: Any) -> None:
    # Given a hundredth of a second
    # When something takes a minute
    # Then it is ended, and the log will know why
    with pytest.raises(sdk.OutOfTime, match=r"^the whole of it took too long$"), sdk.at_most(0.01):
        time.sleep(60)


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_in_time_leaves_no_alarm_behind(sdk: Any, *, fails: bool) -> None:
    # Given whatever answers an alarm
    before = signal.getsignal(signal.SIGALRM)

    # When something is done in time, or fails
    with contextlib.suppress(ZeroDivisionError), sdk.at_most(60):
        during = signal.getsignal(signal.SIGALRM)
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 60
        1 / (not fails)

    # Then the alarm is off, and would be answered as before
    assert during != before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) == before


def test_another_thread_than_the_main_one_is_not_ended(sdk: Any) -> None:
    # Given a hundredth of a second in a thread, where no alarm can be asked for
    def slowly() -> str:
        with sdk.at_most(0.01):
            time.sleep(0.05)
        return "done"

    # When something takes longer, then it is done all the same
    with ThreadPoolExecutor() as threads:
        assert threads.submit(slowly).result() == "done"
