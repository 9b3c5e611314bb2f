"""What changed from one answer to the next."""

from scripts.calling.answer_diff import changes, facts
from tests.support.answers import invocation

RIDE = {"RideId": "5AYFlHpcksSfXTgSkPc1Iw", "Unicorn": {"Name": "Rocinante"}, "Eta": "30 seconds"}


LINE = {"timestamp": "2026-11-22T23:03:05Z", "level": "INFO", "message": "ride request"}


def test_an_answer_is_its_status_its_values_and_the_functions_own_lines() -> None:
    # Given an answer with a log of Lambda's lines, the function's JSON and its text
    report = {"time": "2026-11-22T23:03:05.503Z", "type": "platform.report", "record": {}}
    ride = invocation({**RIDE, "Tags": ["a", {}]}, LINE, "printed", report)

    # When its facts are taken
    # Then they are named by their place, without time stamps and Lambda's lines
    assert facts(ride) == (
        ("status", "201"),
        ("RideId", '"5AYFlHpcksSfXTgSkPc1Iw"'),
        ("Unicorn.Name", '"Rocinante"'),
        ("Eta", '"30 seconds"'),
        ("Tags.0", '"a"'),
        ("Tags.1", "{}"),
        ("log.level", '"INFO"'),
        ("log.message", '"ride request"'),
        ("log", '"printed"'),
    )


def test_an_answer_that_is_no_object_has_one_value() -> None:
    # Given an answer that is no JSON object
    # When its facts are taken
    # Then its body is one of them
    assert facts(invocation("plain", status=None)) == (("status", "null"), ("body", '"plain"'))


def test_changes_are_what_went_and_what_came_but_for_what_is_left_out() -> None:
    # Given an answer, and one of later code: another Eta, a field gone, one more line, another id
    old = facts(invocation({**RIDE, "Rider": "zoe"}, LINE))
    new = facts(invocation({**RIDE, "RideId": "another", "Eta": "45 seconds"}, "printed", LINE))

    # When the two are compared
    # Then what changed is shown in its order, and what is left out is not
    assert changes(old, new, frozenset({"RideId"})) == [
        '- Eta: "30 seconds"',
        '+ Eta: "45 seconds"',
        '- Rider: "zoe"',
        '+ log: "printed"',
    ]
    assert changes(old, old, frozenset()) == []
