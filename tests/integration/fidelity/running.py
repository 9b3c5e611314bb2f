"""Runs cases on a local AWS, several at once: most of the time is spent waiting."""

import functools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from local_aws.functions.namespaces import NamespacesError, find_namespaces
from local_aws.functions.toolchain import find_toolchain
from tests.integration.fidelity.case import Case
from tests.integration.fidelity.comparing import matches, shown
from tests.integration.fidelity.lab import Lab, Shared, shared_lab

AT_ONCE = 4


@contextmanager
def running(endpoint: str, cases: Sequence[Case]) -> Iterator[Callable[[Case], object]]:
    """Begin the cases; yields what waits for one and returns what was seen, or raises what it raised."""
    with shared_lab(endpoint) as shared, ThreadPoolExecutor(AT_ONCE) as workers:
        begun = {id(case): workers.submit(_seen, shared, case) for case in cases}
        yield lambda case: begun[id(case)].result()


@functools.cache
def has_namespaces() -> bool:
    """Whether functions have namespaces of their own on this machine."""
    try:
        find_namespaces(find_toolchain())
    except NamespacesError:
        return False
    return True


def can_be_performed(case: Case) -> bool:
    """Whether this machine has what a case needs."""
    return has_namespaces() or not case.needs_namespaces


def problem(case: Case, seen: object) -> str | None:
    """Return what is wrong with what was seen; None if it is what the table says."""
    if not matches(shown(case.expected), seen):
        return f"expected {shown(case.expected)!r}, but the local AWS answered {seen!r}"
    if case.differs and matches(shown(case.aws), seen):
        return "the local AWS answers as AWS: it differs no longer"
    return None


def _seen(shared: Shared, case: Case) -> object:
    with Lab(shared) as lab:
        return shown(case.ask(lab))
