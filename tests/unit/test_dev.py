"""The pieces of `make dev`: what counts as a save, what compiles, what is uploaded, what changed in an answer."""

import base64
import hashlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest
from watchfiles import Change

import dev
import package
import watcher
from answer_diff import changes, facts, left_to_chance
from invoke import Invocation
from live_code import LiveCode, SourceError, UploadError, compile_all


def invocation(
    response: object, *log: object, status: int | None = 201, function_error: str | None = None
) -> Invocation:
    """Return an answer as invoke.py gives it; of the log, what is no text is a line of JSON."""
    return Invocation(
        function="RequestUnicorn",
        status=status,
        function_error=function_error,
        response=response,
        log=tuple(line if isinstance(line, str) else json.dumps(line) for line in log),
        request_id="f76c4be8-5023-4a6f-9a3f-9e69dc8e5496",
        duration_ms=4.2,
    )


@pytest.fixture
def function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a checkout's function/ folder, with the checkout as the working directory."""
    folder = tmp_path / "function"
    folder.mkdir()
    monkeypatch.setattr(package, "SOURCE", folder)
    monkeypatch.chdir(tmp_path)
    return folder


def zipped(folder: Path, **vendored: bytes) -> Path:
    """Return a zip of a folder's files, and of others under their name without `.py`."""
    archive = folder.parent / "function.zip"
    with ZipFile(archive, "w") as content:
        for path in folder.iterdir():
            content.write(path, path.name)
        for name, source in vendored.items():
            content.writestr(f"{name}.py", source)
    return archive


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("dispatch.py", True),
        ("data/fleet.json", True),
        ("requirements.txt", True),
        (".dispatch.py.swp", False),
        ("dispatch.py~", False),
        ("#dispatch.py#", False),
        ("__pycache__/dispatch.cpython-313.pyc", False),
        ("tests/events.json", False),
    ],
)
def test_only_what_is_packaged_counts_as_a_save(name: str, counts: bool) -> None:
    # Given a file in function/
    path = str(package.SOURCE / name)

    # When it is saved
    # Then that counts if the file is for the zip, and is no editor's or cache's
    assert watcher.is_packaged(Change.modified, path) is counts


def test_a_removed_folder_ends_the_watch_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a watcher whose folder is removed
    removed = {(Change.deleted, str(package.SOURCE))}
    monkeypatch.setattr(watcher, "watch", lambda *_, **__: iter([set(), removed]))
    saves = watcher.saves()
    next(saves)

    # When the next save is awaited
    # Then the watch ends, for the system has forgotten it
    with pytest.raises(package.PackageError, match="Start again"):
        next(saves)


def test_the_watch_tells_once_that_it_listens_then_of_each_burst(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a watcher that is idle, hears of a burst, and is idle again
    burst = {
        (Change.modified, str(package.SOURCE / "dispatch.py")),
        (Change.deleted, str(package.SOURCE / "request.py")),
    }
    quiet: set[tuple[Change, str]] = set()
    monkeypatch.setattr(watcher, "watch", lambda *_, **__: iter([quiet, quiet, burst, quiet]))

    # When it is followed
    # Then it tells twice: that it listens, and that something was saved
    assert len(list(watcher.saves())) == 2


def test_code_that_does_not_compile_is_shown_with_file_line_and_caret(function: Path) -> None:
    # Given two files that do not compile and one that does
    (function / "a.py").write_text("def a():\n    return (1\n")
    (function / "b.py").write_text("def b():\n    pass\nbreak\n")
    (function / "c.py").write_text("def c():\n    return 1\n")
    archive = zipped(function)

    # When they are compiled
    with pytest.raises(SourceError) as error:
        compile_all(archive, ["a.py", "b.py", "c.py"])

    # Then Python's own words are shown of both
    assert str(error.value) == (
        '  File "function/a.py", line 2\n'
        "    return (1\n"
        "           ^\n"
        "SyntaxError: '(' was never closed\n"
        '  File "function/b.py", line 3\n'
        "    break\n"
        "    ^^^^^\n"
        "SyntaxError: 'break' outside loop"
    )


@pytest.mark.parametrize(
    "source", [b"a = '\0'\n", b"a = '\xff'\n", b"-" * 10_000 + b"1", b"# coding: nonsense\n"]
)
def test_whatever_python_cannot_read_is_told(function: Path, source: bytes) -> None:
    # Given bytes that are no Python
    (function / "a.py").write_bytes(source)

    # When they are compiled
    # Then the file is named
    with pytest.raises(SourceError, match=r'^  File "function/a\.py"'):
        compile_all(zipped(function), ["a.py"])


def test_only_functions_own_python_is_compiled(function: Path) -> None:
    # Given data, doubtful Python and a wheel's template, which pip installs without compiling it
    (function / "fleet.json").write_text("{")
    (function / "a.py").write_text(r'a = "\d"')
    archive = zipped(function, template=b"class {{ name }}: pass")

    # When they are compiled
    # Then nothing is complained of
    compile_all(archive, ["a.py", "fleet.json", "template.py"])


@pytest.fixture
def zip_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give build/function.zip with other code than function/ holds."""
    archive = tmp_path / "build.zip"
    with ZipFile(archive, "w") as content:
        content.writestr("request_unicorn.py", "old")
    monkeypatch.setattr(package, "OUTPUT", archive)
    return archive


def lambda_that_holds(sha256: str | None) -> Any:
    """Return a Lambda that reports this hash, or the right one, for whatever is uploaded."""

    def update_function_code(FunctionName: str, ZipFile: bytes) -> dict[str, str]:  # noqa: N803 - boto3's
        digest = base64.b64encode(hashlib.sha256(ZipFile).digest()).decode()
        return {"CodeSha256": sha256 or digest}

    return SimpleNamespace(update_function_code=update_function_code)


def test_an_upload_names_what_is_new_and_becomes_the_zip_on_disk(
    zip_on_disk: Path, tmp_path: Path
) -> None:
    # Given a function whose one file is old
    code = LiveCode("RequestUnicorn", lambda_that_holds(None), tmp_path / "staging.zip")

    # When its folder is uploaded, twice
    first, second = code.update(), code.update()

    # Then the first names the changed file and the added ones, the second nothing
    assert "request_unicorn.py" in first.changes
    assert "+dispatch.py" in first.changes
    assert second.changes == ()

    # And the zip on disk is the one that was uploaded
    on_disk = hashlib.sha256(zip_on_disk.read_bytes()).digest()
    assert first.sha256_base64 == base64.b64encode(on_disk).decode()


def test_an_upload_that_lambda_does_not_hold_is_told_and_not_on_disk(
    zip_on_disk: Path, tmp_path: Path
) -> None:
    # Given a Lambda that holds something else after the upload
    code = LiveCode("RequestUnicorn", lambda_that_holds("another"), tmp_path / "staging.zip")
    before = zip_on_disk.read_bytes()

    # When function/ is uploaded
    # Then that is an error, and the zip on disk is as it was
    with pytest.raises(UploadError, match="another"):
        code.update()
    assert zip_on_disk.read_bytes() == before


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


def test_what_differs_between_answers_of_the_same_code_is_left_to_chance() -> None:
    # Given three answers of the same code, one of which printed something of its own
    answers = [
        facts(
            invocation({**RIDE, "RideId": f"ride {number}"}, {**LINE, "duration_ms": number}, text)
        )
        for number, text in enumerate(["a", "a", "b"])
    ]

    # When they are compared
    # Then the values that differ are known by name, but for lines of text, which have none
    assert left_to_chance(answers) == {"RideId", "log.duration_ms"}


def test_changes_are_what_went_and_what_came_but_for_chance() -> None:
    # Given an answer, and one of later code: another Eta, a field gone, one more line, and chance
    old = facts(invocation({**RIDE, "Rider": "zoe"}, LINE))
    new = facts(invocation({**RIDE, "RideId": "another", "Eta": "45 seconds"}, "printed", LINE))

    # When the two are compared
    # Then what changed is shown in its order, and chance is not
    assert changes(old, new, frozenset({"RideId"})) == [
        '- Eta: "30 seconds"',
        '+ Eta: "45 seconds"',
        '- Rider: "zoe"',
        '+ log: "printed"',
    ]
    assert changes(old, old, frozenset()) == []


def test_the_first_ride_is_shown_whole_and_the_next_by_what_is_new(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Given code that answers each event in its own way, and later code that does
    first, later = (
        [
            invocation(
                {"RideId": f"ride {number}", "Eta": eta}, {**LINE, "duration_ms": number + 1}
            )
            for number in range(1 + dev.MORE_RIDES)
        ]
        for eta in ("30 seconds", "45 seconds")
    )
    rides = dev.Rides(iter([*first, *later]).__next__)

    # When a ride is taken with each
    rides.show_next()
    whole = capsys.readouterr().out
    rides.show_next()

    # Then the first is shown whole, and of the second what the code changed and what chance chose
    assert '"Eta": "30 seconds"' in whole
    assert capsys.readouterr().out.splitlines() == [
        f"  {later[0].headline}",
        '  - Eta: "30 seconds"',
        '  + Eta: "45 seconds"',
        '  by chance: RideId "ride 0"',
    ]


def test_a_failure_is_shown_whole_and_the_next_ride_compared_with_the_last_good_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Given code that answers, then code that fails to import, then the first again
    goods = [invocation(RIDE)] * (1 + dev.MORE_RIDES)
    error = {"errorMessage": "No module named 'maths'", "errorType": "Runtime.ImportModuleError"}
    failed = invocation(error, status=None, function_error="Unhandled")
    rides = dev.Rides(iter([*goods, failed, *goods]).__next__)

    # When a ride is taken with each
    rides.show_next()
    capsys.readouterr()
    rides.show_next()
    failure = capsys.readouterr().out
    rides.show_next()

    # Then the failure is shown whole, and after it nothing is new
    assert "Response\n" in failure
    assert "No module named 'maths'" in failure
    assert capsys.readouterr().out == f"  {goods[0].headline}\n"
