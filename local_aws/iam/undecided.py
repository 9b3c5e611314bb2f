"""Logic with a third answer: what cannot be decided here must neither let a request through nor void a Deny."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


class UndecidedError(Exception):
    """Whether something matches cannot be decided here; the message says why."""


def any_holds(predicate: Callable[[Item], bool], items: Iterable[Item]) -> bool:
    """Whether the predicate holds for any item, whatever their order.

    Raises UndecidedError if it holds for none for certain, but may hold for one.
    """
    undecided: UndecidedError | None = None
    for item in items:
        try:
            if predicate(item):
                return True
        except UndecidedError as error:
            undecided = error
    if undecided:
        raise undecided
    return False


def all_hold(predicate: Callable[[Item], bool], items: Iterable[Item]) -> bool:
    """Whether the predicate holds for every item, whatever their order.

    Raises UndecidedError if it fails for none for certain, but may fail for one.
    """
    undecided: UndecidedError | None = None
    for item in items:
        try:
            if not predicate(item):
                return False
        except UndecidedError as error:
            undecided = error
    if undecided:
        raise undecided
    return True
