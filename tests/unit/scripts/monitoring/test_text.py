"""A snapshot in words and charts, for any terminal or none."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scripts.monitoring.activity import Alarm, LogLine, Ride
from scripts.monitoring.cost import Usage, cost_of
from scripts.monitoring.graphs import Graph, Series, Window
from scripts.monitoring.snapshot import Snapshot
from scripts.monitoring.text import LEAST_WIDTH, render

WINDOW = Window.until(datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC), 60)
REPORT = (
    '{"time":"2026-11-22T12:00:01.000Z","type":"platform.report","record":{"requestId":"1","metrics":'
    '{"durationMs":6.04,"billedDurationMs":7,"memorySizeMB":256,"maxMemoryUsedMB":45},"status":"success"}}'
)
RIDE = (
    '{"timestamp":"2026-11-22T12:00:00Z","level":"INFO","message":"ride request","reference":"1",'
    '"replayed":false,"ride_id":"SvLnijIAtg6inAFUBRT-Fg","outcome":"created","status":201,"duration_ms":6}'
)


def series(
    label: str, *values: float, statistic: str | None = "Sum", right: bool = False
) -> Series:
    points = tuple((WINDOW.start + timedelta(minutes=n), v) for n, v in enumerate(values))
    return Series(label, label, statistic, right_axis=right, points=points)


GRAPHS = (
    Graph("Invocations", (series("Invocations", *range(60)),)),
    Graph(
        "Duration (ms)",
        tuple(
            series(name, *(scale * (n % 7) for n in range(60)), statistic=name)
            for name, scale in (("minimum", 1), ("average", 150), ("p99", 300))
        ),
    ),
    Graph(
        "Error count and success rate (%), with a title longer than its chart",
        (
            series("Errors", *([0] * 60)),
            series("success rate", *([100] * 60), statistic=None, right=True),
        ),
    ),
    Graph("Rides by outcome", tuple(series(f"outcome_{n}_of_seven", n, 1) for n in range(7))),
    Graph("Throttles", (series("Throttles"),)),
)
SNAPSHOT = Snapshot(
    function="RequestUnicorn",
    window=WINDOW,
    graphs=GRAPHS,
    alarms=(
        Alarm("RequestUnicorn-slow", "OK", WINDOW.start, "all is well"),
        Alarm(f"{'long-' * 30}refused-writes", "ALARM", WINDOW.start, "a datapoint was high"),
    ),
    log=(
        LogLine(WINDOW.start, f"a line of {'many ' * 50}words"),
        LogLine(WINDOW.start, RIDE),
        LogLine(WINDOW.start, REPORT),
    ),
    rides=(Ride("SvLnijIAtg6inAFUBRT-Fg", "2026-11-22T12:00:00.107Z", "Rocinante"),),
    cost=cost_of(Usage(1770, 12_345, 256, "arm64", 60, 4096, 60)),
    problems=("log not shown: An error occurred (AccessDeniedException) when calling " * 3,),
)


def rendered(**changes: object) -> str:
    return render(replace(SNAPSHOT, **changes), 80, colour=False)  # type: ignore[arg-type] # a test's own


@pytest.mark.parametrize("width", [LEAST_WIDTH, 38, 50, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    # Given a snapshot with more than fits of everything

    # When it is shown in some width
    lines = render(SNAPSHOT, width, colour=False).splitlines()

    # Then no line is wider, and as many charts stand beside each other as fit, of the four there are
    assert max(map(len, lines)) <= width
    assert max(line.count("┌") for line in lines) == max(1, min(4, (width + 2) // 40))


def test_a_narrow_terminal_has_every_price_all_the_same() -> None:
    # Given a terminal that is too narrow for what the prices stand for

    # When the cost is shown there
    text = render(SNAPSHOT, LEAST_WIDTH, colour=False)

    # Then that is cut, and the price is not
    assert len(re.findall(r" \$\d+\.\d{8}$", text, re.MULTILINE)) == 5


def test_without_colour_there_is_no_escape_code_and_with_it_nothing_else_changes() -> None:
    # Given a snapshot

    # When it is shown in both ways
    plain, coloured = (render(SNAPSHOT, 80, colour=colour) for colour in (False, True))

    # Then they differ in colour alone
    assert "\x1b" not in plain
    assert "\x1b[31m  ALARM" in coloured
    decoloured = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert [line.rstrip() for line in decoloured.splitlines()] == plain.splitlines()


def test_a_charts_lines_are_distinguished_by_their_markers() -> None:
    # Given a graph of three lines

    # When it is drawn without colour
    text = rendered(graphs=GRAPHS[1:2])

    # Then each has a marker, which the legend explains with its last value
    for entry in ("o minimum last 3", "x average last 450", "+ p99 last 900"):
        assert entry in text
    canvas = "".join(re.findall("[┤│](.*)[│├]", text))
    assert {"o", "x", "+"} <= set(canvas)


def test_a_long_legend_goes_on_below_without_tearing_an_entry() -> None:
    # Given a graph of seven lines, more than fit beside each other

    # When it is drawn
    lines = rendered(graphs=GRAPHS[3:4]).splitlines()

    # Then each line's marker, name and total stand together
    entries = {f"{marker} outcome_{n}_of_seven sum {n + 1}" for n, marker in enumerate("ox+*#%@")}
    assert {entry for entry in entries if any(entry in line for line in lines)} == entries


def test_more_lines_than_markers_are_drawn_all_the_same() -> None:
    # Given a graph of nine lines
    nine = Graph("Nine", tuple(series(f"line {n}", n + 1) for n in range(9)))

    # When it is drawn

    # Then the last is drawn too
    assert "x line 8 sum 9" in rendered(graphs=(nine,))


def test_a_charts_axes_say_when_and_how_much() -> None:
    # Given an hour of invocations, the last minute with 59 of them

    # When they are drawn
    text = rendered(graphs=GRAPHS[:1])

    # Then the axes carry the times and the highest count, and the legend the total
    assert re.search(r"^ *59┤.*█+│$", text, re.MULTILINE)
    assert re.search(r"11:01 +11:31 +12:01", text)
    assert "Invocations sum 1.77k" in text


def test_graphs_without_data_take_a_line_together() -> None:
    # Given graphs, one of which has no data

    # When they are shown

    # Then it is named, and no empty chart is
    assert "No data: Throttles." in rendered()
    assert rendered().count("┌") == 4


def test_the_log_is_summarised_without_lambdas_start_and_end() -> None:
    # Given the lines of one invocation
    start = '{"time":"2026-11-22T12:00:00.000Z","type":"platform.start","record":{"requestId":"1"}}'

    # When they are shown
    text = rendered(log=(LogLine(WINDOW.start, start), *SNAPSHOT.log))

    # Then what the function logged, and its REPORT
    log = text[text.index("End of the log") :].splitlines()[2:4]
    assert log == [
        "  11:01:00 INFO ride request outcome=created status=201 duration_ms=6",
        "  11:01:00 REPORT 6.0 ms, billed 7 ms, 45 MB of 256 MB",
    ]


@pytest.mark.parametrize(
    "message",
    [
        "\x1b[2J\x1b]0;title\x07 plain text\r\nof two lines",
        '{"message":"\\u001b[2J\\u009b2J\\r\\nof two lines","level":"INFO"}',
        '{"type":"platform.report","record":{}}',
        '{"type":"platform.report","record":{"metrics":{"durationMs":"\\u001b"}}}',
        '["a list"]',
        "null",
        "[" * 100_000,
        "",
    ],
)
def test_whatever_was_logged_is_one_harmless_line(message: str) -> None:
    # Given a line that is nothing of ours

    # When it is shown
    text = rendered(log=(LogLine(WINDOW.start, message), LogLine(WINDOW.start, RIDE)))

    # Then it takes a line at most, and no control character reaches the terminal
    shown = text[text.index("End of the log") : text.index("Cost of")].strip().splitlines()
    assert len(shown) in (2, 3)
    assert all(char.isprintable() or char == "\n" for char in text)


def test_rides_alarms_cost_and_problems_are_rendered() -> None:
    # Given a snapshot

    # When it is shown
    text = rendered()

    # Then all of it is shown, and the cost says what it covers
    assert "  12:00:00 SvLnijIAtg6inAFUBRT-Fg Rocinante" in text
    assert "  OK    RequestUnicorn-slow, since 11-22 11:01" in text
    assert "Lambda, 1770 requests" in text
    assert "Lambda, 3.086 GB-seconds on arm64" in text
    assert re.search(r"A million such rides +\$\d+\.\d\d\n", text)
    assert "At the prices of 2026-08 in us-east-1" in text
    assert text.endswith("when calling")


def test_each_functions_cost_has_a_section_and_the_terms_end_the_last() -> None:
    # Given a dashboard that shows the page's function too
    page = cost_of(Usage(18, 54, 256, "arm64", 0, 2048, None, 18))

    # When it is shown
    text = rendered(other_costs={"RequestUnicornPage": page}, problems=())

    # Then its cost comes after the function's, with the price of a million loads
    first, second = text.split("Cost of RequestUnicornPage in these 60 minutes\n")
    assert "A million such rides" in first
    assert "Lambda, 18 requests" in second
    assert "API Gateway, 18 requests" in second
    assert re.search(r"A million such requests +\$\d+\.\d\d\n", second)
    assert "DynamoDB," not in second.partition("At the prices")[0]
    assert text.count("At the prices of") == second.count("At the prices of") == 1


def test_nothing_but_a_headline_is_shown_of_a_function_that_may_not_be_seen() -> None:
    # Given a snapshot of which everything was refused
    nothing = Snapshot("RequestUnicorn", WINDOW, (), (), (), (), None, ())

    # When it is shown

    # Then it is the headline
    assert render(nothing, 80, colour=False) == (
        "RequestUnicorn, 60 minutes to 2026-11-22 12:01 UTC"
    )


EVIL = "a\x1b]0;title\x07b\x9b2Jc\u202ed\u2028e\x7ff"


def test_no_data_reaches_the_terminal_as_an_escape_code() -> None:
    # Given a function all of whose names and values are somebody's attack
    evil = Graph(EVIL, (series(EVIL, 1), series("other", 1)))
    attacked = replace(
        SNAPSHOT,
        function=EVIL,
        graphs=(evil, Graph(f"{EVIL} empty", ())),
        alarms=(
            Alarm(EVIL, "OK", WINDOW.start, EVIL),
            Alarm("new", "SOME_NEW_STATE", WINDOW.start, ""),
        ),
        log=(LogLine(WINDOW.start, EVIL),),
        rides=(Ride(EVIL, f"2026-11-22T12:00:00.107Z{EVIL}", EVIL),),
        problems=(EVIL,),
    )

    # When it is shown
    text = render(attacked, 80, colour=False)

    # Then all of it is text
    assert all(char.isprintable() or char == "\n" for char in text)
    assert text.count("a\N{REPLACEMENT CHARACTER}]0;title") >= 7
