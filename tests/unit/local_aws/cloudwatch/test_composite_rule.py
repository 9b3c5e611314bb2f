"""Rules of composite alarms, after "AlarmRule" in the API reference of PutCompositeAlarm."""

import pytest

from local_aws.cloudwatch.composite_rule import RuleError, parse_rule

STATES = {"raised": "ALARM", "fine": "OK", "new one": "INSUFFICIENT_DATA"}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("ALARM(raised)", True),
        ('ALARM("raised")', True),
        ("ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:raised)", True),
        ("OK(raised)", False),
        ('INSUFFICIENT_DATA("new one")', True),
        ("ALARM(raised) AND OK(fine)", True),
        ("ALARM(raised) AND NOT OK(fine)", False),
        ("ALARM(fine) OR ALARM(raised)", True),
        ("ALARM(raised) OR ALARM(raised) AND ALARM(fine)", True),
        ("(ALARM(raised) OR ALARM(raised)) AND ALARM(fine)", False),
        ("NOT (ALARM(fine) OR OK(raised))", True),
        ("TRUE AND NOT FALSE", True),
        ("ALARM(unknown)", False),
        ("AT_LEAST(1, ALARM, (raised, fine))", True),
        ('AT_LEAST(2, ALARM, ("raised", fine, "new one"))', False),
        ("AT_LEAST(2, NOT OK, (raised, fine, new one))", True),
        ("AT_LEAST(3, NOT OK, (raised, fine, new one))", False),
        ("AT_LEAST(50%, ALARM, (raised, fine)) AND TRUE", True),
        ("AT_LEAST(51%, ALARM, (raised, fine))", False),
        ("NOT AT_LEAST(100%, OK, (arn:aws:cloudwatch:us-east-1:123456789012:alarm:fine))", False),
    ],
)
def test_a_rule_holds_by_the_states_of_its_alarms(rule: str, holds: bool) -> None:
    # Given alarms in each state, when a rule is evaluated, then it holds as documented
    assert parse_rule(rule).holds(STATES) is holds


def test_a_rule_knows_its_alarms() -> None:
    # Given a rule that names alarms by name and ARN, when it is parsed, then each is listed once
    rule = parse_rule(
        'ALARM(a) OR OK("b c") OR ALARM(arn:aws:cloudwatch:us-east-1:1:alarm:a) OR AT_LEAST(1, OK, (a, d))'
    )
    assert rule.alarms == ("a", "b c", "d")


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "ALARM",
        "ALARM()",
        "ALARM(a) ALARM(b)",
        "ALARM(a) AND",
        "(ALARM(a)",
        "UNKNOWN(a)",
        "ALARM(a) XOR ALARM(b)",
        " AND ".join(["TRUE"] * 300),
        " OR ".join(f"OK(a{number})" for number in range(101)),
        "AT_LEAST(0, ALARM, (a, b))",
        "AT_LEAST(3, ALARM, (a, b))",
        "AT_LEAST(101%, ALARM, (a, b))",
        "AT_LEAST(1, ALARM, ())",
        "AT_LEAST(1, ALARM, a)",
        "AT_LEAST(1, ALARM, (a,))",
        'AT_LEAST(1, ALARM, (a "b"))',
        "AT_LEAST(1, RAISED, (a))",
        # A parser that goes back over spaces would take minutes for each of these.
        f"ALARM({' ' * 8000}(",
        f"AT_LEAST(1, ALARM, ({' ' * 8000}))",
    ],
)
def test_an_invalid_rule_is_refused(rule: str) -> None:
    # Given an invalid rule, when it is parsed, then that is an error
    with pytest.raises(RuleError):
        parse_rule(rule)
