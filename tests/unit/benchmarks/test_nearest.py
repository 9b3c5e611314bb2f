"""The largest fleet is the largest that the function's environment takes."""

import json

import nearest


def test_one_more_unicorn_would_not_fit() -> None:
    # Given the largest fleet
    largest = nearest.largest_fleet()

    # Then it fits into the limit of "Lambda quotas", and one more does not
    assert len(nearest.environment(largest)) <= 4096 < len(nearest.environment(largest + 1))


def test_the_environment_is_one_that_the_function_reads() -> None:
    # Given the environment of three unicorns
    variables = json.loads(nearest.environment(3))

    # Then it has the variables that main.tf sets, and as many unicorns
    assert set(variables) == {"ALLOW_ORIGIN", "FLEET", "LOG_RIDERS", "RIDES_TABLE"}
    assert len(json.loads(variables["FLEET"])) == 3
