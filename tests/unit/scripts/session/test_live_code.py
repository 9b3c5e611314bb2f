"""What compiles, what is uploaded, and what is on disk after it."""

import base64
import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest

from scripts.session import live_code
from scripts.session.live_code import LiveCode, SourceError, UploadError, compile_all


@pytest.fixture
def function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a checkout's function/ folder, with the checkout as the working directory."""
    folder = tmp_path / "function"
    folder.mkdir()
    monkeypatch.setattr(live_code, "FUNCTION", folder)
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
    monkeypatch.setattr(live_code, "ZIP", archive)
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
