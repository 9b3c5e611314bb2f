"""Filter patterns, by the examples of "Filter pattern syntax for metric filters"."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_aws.cloudwatch.filter_patterns.errors import PatternError
from local_aws.cloudwatch.filter_patterns.line import LogLine
from local_aws.cloudwatch.filter_patterns.pattern import LENGTH_LIMIT, parse

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
        ("{ $.eventType = %^Update[A-Z]% }", True),
        ("{ $.eventType = %^Trail% }", False),
        ("{ $.eventType != %Trail$% }", False),
        ("{ $.status = %4\\d{2}% }", True),
        ("{ $.objectList[*].id = 2 }", True),
        ("{ $.objectList[*].id = 3 }", False),
        ('{ $.arrayKey[*] = "another*" }', True),
        ("{ $.users[*].name NOT EXISTS }", True),
        ("{ $.coordinates[*][2] = 6 }", True),
        (r'{ $.text = "A \"quoted\" word" }', True),
        (r'{ $.text = "\u12" }', False),
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
    assert parse(pattern).matches(LogLine(EVENT)) is matches


@pytest.mark.parametrize("pattern", ["{ $.a NOT EXISTS }", "{ $.a != 1 }", "{ $.a IS NULL }"])
@pytest.mark.parametrize("text", ["no JSON", "", '{"a": "cut off'])
def test_a_json_pattern_never_matches_text(pattern: str, text: str) -> None:
    # Given a line that is no JSON
    # When a JSON pattern looks at it
    # Then it does not match
    assert parse(pattern).matches(LogLine(text)) is False


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
        ('" "', {1, 2, 3, 4}),
        ("%E[A-Z]+R%", {1, 2, 4}),
        ("%^ERROR:|^WARN%", {3, 4}),
        ('ERROR -"two words"', {1, 2}),
    ],
)
def test_term_patterns(pattern: str, matching: set[int]) -> None:
    # Given the document's log events, and one more
    lines = {1: "ERROR WARN message", 2: "ERROR message", 3: "WARN message", 4: "ERROR: two words"}

    # When a pattern looks at each
    matches = parse(pattern).matches

    # Then those match that hold its terms
    assert {number for number, text in lines.items() if matches(LogLine(text))} == matching


@pytest.mark.parametrize(
    "pattern",
    [
        "[ip, user, bytes >]",
        "[ip, ..., user, ...]",
        "[ip, user",
        "[ip, ... = 4]",
        "{ " + "(" * 400 + "$.a = 1" + ")" * 400 + " }",
        "x" * 1025,
        "[ip, , user]",
        "[ip=1 && user=2]",
        "%AUTHORIZED",
        "%something!%",
        "%(sub)pattern%",
        "%[a%",
        "{ $.a = %x!% }",
        "{ $.a = %x% || $.a = %y% || $.a = %z% }",
        "{ $.a }",
        "{ $.a = }",
        "{ $.a = 1 &&& $.b = 2 }",
        "{ $.a = 1 $.b = 2 }",
        "{ ($.a = 1 }",
        "{ $.a IS SOMETHING }",
        "{ $.a NOT THERE }",
        '{ $.a < "text" }',
        "{ a = 1 }",
        "{ $.a = 1",
        '"open',
    ],
)
def test_invalid_patterns_are_refused(pattern: str) -> None:
    # Given a pattern that is not valid
    # When it is parsed
    with pytest.raises(PatternError) as refusal:
        parse(pattern)

    # Then the error shows it
    assert pattern.strip("{}% ") in str(refusal.value) or len(pattern) > LENGTH_LIMIT


@pytest.mark.parametrize(
    "pattern",
    [
        f"%{'a*' * 400}b%",
        f"%{'.*a' * 300}b%",
        '{ $.a = "' + "*a" * 400 + '*b" }',
        f"[word = {'*a' * 400}*b]",
    ],
    ids=lambda pattern: pattern[:12],
)
def test_a_pattern_is_never_slow(pattern: str) -> None:
    # Given a pattern that every way to share out the text among its parts would have to be tried for
    # When an event is compared that it nearly matches
    text = "a" * 50_000
    matches = [parse(pattern).matches(LogLine(line)) for line in (text, json.dumps({"a": text}))]

    # Then there is an answer
    assert matches == [False, False]


@pytest.mark.parametrize(("mark", "count"), [("[ ", 128_000), ('" ', 64_000), ("] ", 128_000)])
def test_a_long_line_of_brackets_is_split_at_once(mark: str, count: int) -> None:
    # Given a line of 256 KB, the longest event there is, that opens brackets or quotations and closes none or each
    # When it is split into fields, which would take a minute if each bracket searched the whole line for its end
    fields = LogLine(mark * 128_000).fields

    # Then every mark is a field, and every two quotation marks are one
    assert len(fields) == count


ACCESS_LOG = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("[ip, user, username, timestamp, request, status_code, bytes]", True),
        ("[ip, user, username, timestamp, request, status_code, bytes, more]", False),
        ("[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", True),
        ("[ip, user, username, timestamp, request =*.html*, status_code = 5*, bytes]", False),
        (r"[ip=%127\.0\.0\.[1-9]%, user, ..., bytes]", True),
        ("[..., status_code = 404, bytes > 1000]", True),
        ("[..., status_code = 404, bytes > 2000]", False),
        ("[ip, ..., bytes > 1000 && bytes < 2000]", True),
        ("[..., status_code = 404 || status_code = 410, bytes]", True),
        ("[..., (status_code = 410 || status_code = 500), bytes]", False),
        ("[..., status_code != 404, bytes]", False),
        ('[..., request = "GET */index.html*", status_code, bytes]', True),
        ("[ip != 10.* && ip != 192.*, ...]", True),
        ('[ip, user, username, timestamp="10/Oct/2000*", rest]', True),
        ('[ip, user, username, timestamp, rest="*404 1534"]', True),
    ],
)
def test_space_delimited_patterns(pattern: str, matches: bool) -> None:
    # Given a line of an access log
    # When a pattern looks at its fields
    # Then it matches as documented
    assert parse(pattern).matches(LogLine(ACCESS_LOG)) is matches


@pytest.mark.parametrize(
    ("pattern", "selector", "value"),
    [
        ("[ip, ..., bytes]", "$bytes", "1534"),
        ("[ip, ..., status, bytes]", "$status", "404"),
        ("[ip, user, rest]", "$ip", "127.0.0.1"),
        ("[ip, user, username, timestamp, rest]", "$timestamp", "10/Oct/2000:13:25:15 -0700"),
        ("[ip, user]", "1", "1"),
    ],
)
def test_a_field_can_be_selected_by_its_name(pattern: str, selector: str, value: str) -> None:
    # Given a pattern of fields, when a metric filter selects one, then it is the field's text
    assert parse(pattern).value(selector, LogLine(ACCESS_LOG)) == value


PARTS = [
    *("{", "}", "[", "]", "(", ")", "%", '"', "\\", "&&", "||", ",", "...", "*", "?", "-"),
    *(
        "=",
        "!=",
        "<",
        ">=",
        "IS",
        "NULL",
        "NOT",
        "EXISTS",
        "$.a",
        "$.a[*]",
        "$.a[0]",
        "w1",
        "1e999",
    ),
]


@settings(deadline=None, database=None)
@given(
    st.lists(st.sampled_from([*PARTS, " ", "x"]), max_size=12), st.sampled_from(["", "{}", "[]"])
)
def test_any_pattern_is_parsed_or_refused(parts: list[str], brackets: str) -> None:
    # Given any text, in braces or in square brackets or in neither
    text = " ".join([brackets[:1], *parts, brackets[1:]])

    # When it is parsed
    try:
        pattern = parse(text)
    except PatternError:
        return

    # Then it can be matched with any event
    for line in ("", "{}", '{"a": [1, "x", null, {"a": 1}]}', "[1]", 'w1 "x" [y] 1'):
        assert pattern.matches(LogLine(line)) in (True, False)
        pattern.value("$.a", LogLine(line))
        pattern.value("$w1", LogLine(line))
