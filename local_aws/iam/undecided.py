"""Three-valued logic: what cannot be decided here must neither allow a request nor cancel a Deny."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


class UndecidedError(Exception):
    """Whether something matches cannot be decided here; the message says why."""


def any_holds(predicate: Callable[[Item], bool], items: Iterable[Item]) -> bool:
    """Whether the predicate holds for any item, whatever their order.

    Raises UndecidedError if it may hold for one, and certainly holds for none.
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

    Raises UndecidedError if it may fail for one, and certainly fails for none.
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
