"""The garbage collector is off while the function is imported, then on, and ignores the objects that init made."""

import gc
import importlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any

import pytest

ColdStart = Callable[..., AbstractContextManager[ModuleType]]


@pytest.fixture
def collections() -> Iterator[list[int]]:
    """Yield the generations that are collected from here on."""
    collected: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            collected.append(info["generation"])

    gc.collect()
    gc.callbacks.append(note)
    yield collected
    gc.callbacks.remove(note)


def test_init_runs_without_the_garbage_collector(
    cold_start: ColdStart, collections: list[int]
) -> None:
    # When the function starts
    with cold_start():
        # Then nothing was collected meanwhile, and requests will have a collector
        assert collections == []
        assert gc.isenabled()

        # And it will pass over the modules and the client
        assert gc.get_freeze_count() > 1000


def test_the_garbage_collector_is_on_after_an_init_that_failed(cold_start: ColdStart) -> None:
    with cold_start():
        # Given what init uses to switch it off
        no_collections: Any = importlib.import_module("collector").no_collections

        # When init fails
        with pytest.raises(ImportError), no_collections():
            raise ImportError

        # Then the collector is on again
        assert gc.isenabled()
