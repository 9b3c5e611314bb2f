"""Keeps Python's garbage collector out of init."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def no_collections() -> Iterator[None]:
    """Make objects that live as long as the execution environment, without the garbage collector.

    It would run two dozen times during init and go through everything at the first request, to free
    next to nothing: imported modules and clients are not garbage.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
