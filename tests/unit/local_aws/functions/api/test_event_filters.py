"""Which filter patterns of event source mappings are taken: "Filter rule syntax" in Lambda's guide."""

import json

import pytest

from local_aws.functions.api.event_filters import is_filter_pattern


@pytest.mark.parametrize(
    "rule",
    [
        "text",
        1.5,
        True,
        None,
        {"prefix": "a"},
        {"suffix": {"equals-ignore-case": "a"}},
        {"equals-ignore-case": "a"},
        {"exists": False},
        {"numeric": ["=", 1]},
        {"numeric": [">", 0, "<=", 5]},
        {"anything-but": "a"},
        {"anything-but": ["a", 1]},
        {"anything-but": {"prefix": "a"}},
        {"wildcard": "a*"},
    ],
    ids=json.dumps,
)
def test_rules_of_the_guide_are_taken(rule: object) -> None:
    # Given a rule that the guide lists
    # When it is checked, alone and as one of two
    # Then it is taken
    assert is_filter_pattern(json.dumps({"body": {"a": [rule]}}))
    assert is_filter_pattern(json.dumps({"$or": [{"a": [rule]}, {"b": ["x", rule]}]}))


@pytest.mark.parametrize(
    "rule",
    [
        {"begins": "a"},
        {"prefix": 1},
        {"exists": "yes"},
        {"numeric": ["~", 1]},
        {"numeric": [1]},
        {"numeric": ["=", "1"]},
        {"anything-but": []},
        {"anything-but": {"exists": True}},
        {"prefix": "a", "suffix": "b"},
        {},
        ["a"],
    ],
    ids=json.dumps,
)
def test_rules_that_lambda_does_not_know_are_refused(rule: object) -> None:
    # Given a rule with an unknown comparison, or with what it does not compare
    # When it is checked
    # Then it is refused
    assert not is_filter_pattern(json.dumps({"body": {"a": [rule]}}))


@pytest.mark.parametrize("pattern", ["no json", "[]", '{"a": "b"}', '{"a": []}', "[" * 100_000])
def test_what_is_no_object_of_lists_is_refused(pattern: str) -> None:
    # Given a pattern of another form
    # When it is checked
    # Then it is refused
    assert not is_filter_pattern(pattern)
