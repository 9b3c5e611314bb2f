"""The tracing header counts how often a chain of invocations has come to a function."""

import re

import pytest

from local_aws.functions import recursion
from local_aws.functions.api.errors import ApiError
from local_aws.functions.api.store import LATEST, Function, Store
from local_aws.functions.api.version import Code, Configuration, Version
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.lineage import next_header
from local_aws.functions.recursion import LIMIT, check
from tests.support.function_versions import version_of

PROBE, OTHER = version_of(), version_of(name="other")


def store_with(recursive_loop: str) -> Store:
    """Return a store that holds PROBE, with its recursion config."""
    version = Version.new(LATEST, Configuration("role", "h", "python3.13"), Code(b"", ""))
    function = Function(PROBE.name, {LATEST: version}, recursive_loop=recursive_loop)
    return Store("123456789012", "us-east-1", functions={PROBE.name: function})


def header_after(rounds: int) -> str:
    """Return the header of a chain that came to PROBE so often, by way of another function."""
    header = next_header(PROBE, None)
    for _ in range(rounds - 1):
        header = next_header(PROBE, next_header(OTHER, header))
    return header


def test_a_chain_keeps_its_root() -> None:
    # Given the header of an invocation
    first = next_header(PROBE, None)

    # When another follows from it
    second = next_header(OTHER, first)

    # Then both belong to one trace
    root = re.compile(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}")
    assert root.match(first)
    assert first.split(";")[0] == second.split(";")[0]


@pytest.mark.parametrize("rounds", [1, LIMIT - 1])
def test_a_chain_may_come_to_a_function_some_times(rounds: int) -> None:
    # Given a chain below the limit
    # When it comes to the function again
    # Then it may
    check(store_with("Terminate"), PROBE, header_after(rounds))


def test_a_loop_is_ended_unless_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a chain at the limit
    header = header_after(LIMIT)
    counted: list[FunctionVersion] = []
    monkeypatch.setattr(recursion, "publish_recursion_stopped", counted.append)

    # When it comes to the function again
    # Then that is refused and counted, unless the function's recursion config allows it
    with pytest.raises(ApiError) as refused:
        check(store_with("Terminate"), PROBE, header)
    assert refused.value.code == "RecursiveInvocationException"
    check(store_with("Allow"), PROBE, header)
    assert counted == [PROBE]
