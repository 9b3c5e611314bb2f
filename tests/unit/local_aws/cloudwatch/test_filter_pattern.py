"""Filter patterns, by the examples of "Filter pattern syntax for metric filters"."""

import json

import pytest

from local_aws.cloudwatch.filter_pattern import LogLine, PatternError, parse

# The document's two JSON examples in one, with a boolean, a null and a number that is a string.
EVENT = json.dumps(
    {
        "eventType": "UpdateTrail",
        "sourceIPAddress": "111.111.111.111",
        "arrayKey": ["value", "another value"],
        "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
        "SomeObject": None,
        "ThisFlag": True,
        "latency": 512.5,
        "status": "404",
        "user": {"id": 1, "email": "John.Stiles@example.com"},
        "users": [{"id": 2, "email": "John.Doe@example.com"}],
        "actions": ["GET", "PUT", "DELETE"],
        "coordinates": [[0, 1, 2], [4, 5, 6]],
        "cluster.name": "blue",
        "text": 'A "quoted" word',
    }
)


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ('{ $.eventType = "UpdateTrail" }', True),
        ("{ $.eventType = UpdateTrail }", True),
        ('{$.eventType="UpdateTrail"}', True),
        ('{ $.eventType = "Update" }', False),
        ('{ $.eventType = "Update*" }', True),
        ("{ $.eventType = *Trail }", True),
        ("{ $.eventType = * }", True),
        ('{ $.eventType != "UpdateTrail" }', False),
        ("{ $.sourceIPAddress != 123.123.* }", True),
        ('{ $.arrayKey[0] = "value" }', True),
        ('{ $.arrayKey[7] = "value" }', False),
        ("{ $.objectList[1].id = 2 }", True),
        ("{ $.SomeObject IS NULL }", True),
        ("{ $.SomeOtherObject IS NULL }", False),
        ("{ $.SomeOtherObject NOT EXISTS }", True),
        ("{ $.SomeObject NOT EXISTS }", False),
        ("{ $.ThisFlag IS TRUE }", True),
        ("{ $.ThisFlag IS FALSE }", False),
        ("{ $.latency >= 500 }", True),
        ("{ $.latency < 10e3 }", True),
        ("{ $.latency < 10e-3 }", False),
        ("{ $.latency > +1000 }", False),
        ("{ $.latency <= 512.5 }", True),
        ("{ $.latency = * }", True),
        ("{ $.latency = 5* }", True),
        ("{ $.status = 404 }", True),
        ("{ $.status != 500 }", True),
        ("{ $.eventType != 500 }", True),
        ("{ $.eventType < 500 }", False),
        ("{ $.users = 1 }", False),
        ("{ $.users != 1 }", False),
        ('{ $.nothing != "x" }', False),
        ("{ $.['cluster.name'] = blue }", True),
        (r'{ $.text = "A \"quoted\" word" }', True),
        ('{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', True),
        ('{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', False),
        (
            '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch'
            " && $.actions[2] = nomatch }",
            True,
        ),
        (
            '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch)'
            " && $.actions[2] = nomatch }",
            False,
        ),
    ],
)
def test_json_patterns(pattern: str, matches: bool) -> None:
    # Given a JSON log event
    # When a pattern looks at it
    # Then it matches as documented
    assert parse(pattern)(LogLine(EVENT)) is matches


@pytest.mark.parametrize("pattern", ["{ $.a NOT EXISTS }", "{ $.a != 1 }", "{ $.a IS NULL }"])
@pytest.mark.parametrize("text", ["no JSON", "", '{"a": "cut off'])
def test_a_json_pattern_never_matches_text(pattern: str, text: str) -> None:
    # Given a line that is no JSON
    # When a JSON pattern looks at it
    # Then it does not match
    assert parse(pattern)(LogLine(text)) is False


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        ("", {1, 2, 3, 4}),
        ("ERROR", {1, 2, 4}),
        ("error", set()),
        ("ERROR WARN", {1}),
        ("ERROR -WARN", {2, 4}),
        ("?ERROR ?WARN", {1, 2, 3, 4}),
        ("?ERROR ?WARN -WARN", {2, 4}),
        ('"two words"', {4}),
        ('ERROR -"two words"', {1, 2}),
    ],
)
def test_term_patterns(pattern: str, matching: set[int]) -> None:
    # Given the document's log events, and one more
    lines = {1: "ERROR WARN message", 2: "ERROR message", 3: "WARN message", 4: "ERROR: two words"}

    # When a pattern looks at each
    predicate = parse(pattern)

    # Then those match that hold its terms
    assert {number for number, text in lines.items() if predicate(LogLine(text))} == matching


@pytest.mark.parametrize(
    "pattern",
    [
        "[ip, user, bytes > 1000]",
        "%AUTHORIZED%",
        "{ $.a = %x% }",
        "{ $.a }",
        "{ $.a = }",
        "{ $.a = 1 &&& $.b = 2 }",
        "{ $.a = 1 $.b = 2 }",
        "{ ($.a = 1 }",
        "{ $.a IS SOMETHING }",
        "{ $.a NOT THERE }",
        '{ $.a < "text" }',
        "{ a = 1 }",
        "{ $.a[*] = 1 }",
        "{ $.a = 1",
        '"open',
    ],
)
def test_other_patterns_are_refused(pattern: str) -> None:
    # Given a pattern that is not supported, or wrong
    # When it is parsed
    with pytest.raises(PatternError) as refusal:
        parse(pattern)

    # Then the error shows it
    assert pattern.strip("{} ") in str(refusal.value)
