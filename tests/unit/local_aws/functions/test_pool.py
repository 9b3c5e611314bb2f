"""The pool lends, keeps and ends environments; here they are plain objects, so that no time passes."""

import dataclasses
import threading
import time
from typing import Any, cast

import pytest

from local_aws.functions.environment import EnvironmentStartError, ExecutionEnvironment
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.pool import AGE_LIMIT_S, CONCURRENCY_LIMIT, EnvironmentPool, ThrottledError
from tests.support.function_versions import version_of

FUNCTION = version_of()


class Environment:
    """What the pool knows of an execution environment."""

    def __init__(self, function: FunctionVersion) -> None:
        self.function = function
        self.fit = True
        self.alive = True
        self.idle_since = 0.0
        self.age_s = 0.0
        self.ended = threading.Event()
        self.frozen = threading.Event()
        self.closed = False

    def end(self) -> None:
        self.ended.set()

    def freeze(self) -> None:
        self.frozen.set()

    def close(self) -> None:
        self.closed = True


def pool_of(**options: Any) -> EnvironmentPool:
    return EnvironmentPool(
        lambda function: cast(ExecutionEnvironment, Environment(function)), **options
    )


def test_an_environment_is_used_again() -> None:
    # Given an environment that served
    pool = pool_of()
    with pool.lease(FUNCTION) as first:
        pass

    # When the next request comes
    # Then it gets the same
    with pool.lease(FUNCTION) as second:
        assert second is first


def test_an_unfit_environment_is_ended() -> None:
    # Given an environment that came out unfit
    pool = pool_of()
    with pool.lease(FUNCTION) as first:
        first.fit = False

    # When the next request comes
    with pool.lease(FUNCTION) as second:
        pass

    # Then it gets another
    assert second is not first
    assert cast(Environment, first).closed


def test_an_environment_that_was_killed_while_idle_is_not_lent() -> None:
    # Given an idle environment whose processes were killed
    pool = pool_of()
    with pool.lease(FUNCTION) as killed:
        pass
    cast(Environment, killed).alive = False

    # When the next request comes
    with pool.lease(FUNCTION) as lent:
        pass

    # Then it gets another, and nothing of the killed one is left
    assert lent is not killed
    assert cast(Environment, killed).closed


def test_an_idle_environment_is_frozen() -> None:
    # Given an environment that served
    pool = pool_of()
    with pool.lease(FUNCTION) as idle:
        pass

    # When no other request comes
    # Then it is frozen
    assert cast(Environment, idle).frozen.wait(10)


def test_an_error_of_the_pools_user_leaves_no_environment_in_doubt() -> None:
    # Given a request that breaks off
    pool = pool_of()
    with pytest.raises(KeyboardInterrupt), pool.lease(FUNCTION) as first:
        raise KeyboardInterrupt

    # When it is over
    # Then the environment is ended, and none counts as busy
    assert cast(Environment, first).closed
    assert pool.busy(FUNCTION) == 0


@pytest.mark.parametrize("change", [{"code_sha256": "two"}, {"variables": (("A", "b"),)}])
def test_an_environment_of_older_code_or_configuration_is_ended(change: dict[str, Any]) -> None:
    # Given an idle environment
    pool = pool_of()
    with pool.lease(FUNCTION) as old:
        pass

    # When the function has changed
    with pool.lease(dataclasses.replace(FUNCTION, **change)) as new:
        pass

    # Then it is not used, and ended
    assert new is not old
    assert cast(Environment, old).closed


def test_all_idle_environments_of_older_code_are_ended_together() -> None:
    # Given two idle environments
    pool = pool_of()
    with pool.lease(FUNCTION) as one, pool.lease(FUNCTION) as another:
        pass

    # When the function has changed
    with pool.lease(dataclasses.replace(FUNCTION, code_sha256="two")):
        # Then both are ended
        assert cast(Environment, one).closed
        assert cast(Environment, another).closed


def test_an_environment_ends_before_its_credentials() -> None:
    # Given an environment that is eleven hours old
    pool = pool_of()
    with pool.lease(FUNCTION) as old:
        cast(Environment, old).age_s = AGE_LIMIT_S + 1

    # When the next request comes
    with pool.lease(FUNCTION) as new:
        pass

    # Then it gets another
    assert new is not old
    assert cast(Environment, old).closed


def test_the_limit_counts_all_versions_of_a_function() -> None:
    # Given a function that reserves one, and a busy version
    pool = pool_of()
    limited = dataclasses.replace(FUNCTION, reserved_concurrency=1)

    # When another version is called meanwhile
    # Then it is throttled, for the reason Lambda names
    with pool.lease(limited), pytest.raises(ThrottledError) as throttled:
        pool.lease(dataclasses.replace(limited, version="1")).__enter__()
    assert throttled.value.reason == "ReservedFunctionConcurrentInvocationLimitExceeded"


def test_without_a_reservation_the_local_limit_holds() -> None:
    # Given as many busy environments as there may be
    pool = pool_of()
    leases = [pool.lease(FUNCTION) for _ in range(CONCURRENCY_LIMIT)]
    for lease in leases:
        lease.__enter__()

    # When one more is asked for
    # Then it is throttled
    with pytest.raises(ThrottledError, match="ConcurrentInvocationLimitExceeded"):
        pool.lease(FUNCTION).__enter__()
    for lease in leases:
        lease.__exit__(None, None, None)
    assert pool.busy(FUNCTION) == 0


def test_idle_environments_are_reaped() -> None:
    # Given a pool that keeps nothing idle for long
    pool = pool_of(idle_limit_s=0.02)

    # When an environment is idle
    with pool.lease(FUNCTION) as idle:
        pass
    deadline = time.monotonic() + 10
    while not cast(Environment, idle).closed and time.monotonic() < deadline:
        time.sleep(0.01)

    # Then it is ended
    assert cast(Environment, idle).closed


def test_environments_of_a_deleted_function_end_the_busy_ones_after_their_request() -> None:
    # Given an idle and a busy environment of a function, and one of another
    pool = pool_of()
    other = dataclasses.replace(FUNCTION, name="other")
    with pool.lease(other) as others:
        pass
    with pool.lease(FUNCTION) as busy:
        with pool.lease(FUNCTION) as idle:
            pass

        # When the function is deleted
        pool.end(FUNCTION.function_key)

        # Then the idle one ends at once, and the other function keeps its own
        assert cast(Environment, idle).closed
        assert not cast(Environment, busy).closed
    assert cast(Environment, busy).closed
    assert not cast(Environment, others).closed


def test_closing_ends_an_idle_environment() -> None:
    # Given an idle environment
    pool = pool_of()
    with pool.lease(FUNCTION) as idle:
        pass

    # When the pool is closed
    pool.close()

    # Then it is ended
    assert cast(Environment, idle).closed


def test_closing_breaks_off_a_request_and_waits_until_it_is_over() -> None:
    # Given a request under way, which is over when its environment is ended
    pool = pool_of()
    lent: list[Environment] = []
    begun = threading.Event()

    def request() -> None:
        with pool.lease(FUNCTION) as environment:
            lent.append(cast(Environment, environment))
            begun.set()
            lent[0].ended.wait(10)

    under_way = threading.Thread(target=request)
    under_way.start()
    begun.wait(10)

    # When the pool is closed
    pool.close()

    # Then the environment was given back, and not kept
    assert lent[0].closed
    under_way.join()


def test_an_environment_that_starts_while_the_pool_is_closed_is_ended() -> None:
    # Given a cold start under way
    started: list[Environment] = []
    starting, go_on = threading.Event(), threading.Event()

    def start(function: FunctionVersion) -> ExecutionEnvironment:
        starting.set()
        go_on.wait(10)
        started.append(Environment(function))
        return cast(ExecutionEnvironment, started[0])

    pool = EnvironmentPool(start)
    outcome: list[Exception] = []

    def request() -> None:
        try:
            pool.lease(FUNCTION).__enter__()
        except EnvironmentStartError as error:
            outcome.append(error)

    under_way = threading.Thread(target=request)
    under_way.start()
    starting.wait(10)

    # When the pool is closed meanwhile
    closing = threading.Thread(target=pool.close)
    closing.start()
    while not pool.closed:
        time.sleep(0.001)
    go_on.set()
    closing.join()
    under_way.join()

    # Then the request has no environment, and none is left
    assert started[0].closed
    assert len(outcome) == 1
    assert pool.busy(FUNCTION) == 0
