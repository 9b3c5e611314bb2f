"""Whether what a zip was made from compiles, on this Python or on that of the zip's runtime."""

import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from local_aws.functions.interpreters import Interpreter
from scripts.deployment_package import for_apply, syntax
from scripts.deployment_package.packaged import Package
from scripts.deployment_package.runtime import Runtime
from scripts.deployment_package.syntax import SourceError, compile_all, require_compiles

THIS = Interpreter(Path(sys.executable), sys.version.split()[0], Path(sys.prefix))


@pytest.fixture
def function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a checkout's function/ folder, with the checkout as the working directory."""
    folder = tmp_path / "function"
    folder.mkdir()
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
        compile_all(archive, ["a.py", "b.py", "c.py"], function)

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
def test_whatever_python_cannot_read_is_reported(function: Path, source: bytes) -> None:
    # Given bytes that are no Python
    (function / "a.py").write_bytes(source)

    # When they are compiled
    # Then the file is named
    with pytest.raises(SourceError, match=r'^  File "function/a\.py"'):
        compile_all(zipped(function), ["a.py"], function)


def test_only_functions_own_python_is_compiled(function: Path) -> None:
    # Given data, doubtful Python and a wheel's template, which pip installs without compiling it
    (function / "fleet.json").write_text("{")
    (function / "a.py").write_text(r'a = "\d"')
    archive = zipped(function, template=b"class {{ name }}: pass")

    # When they are compiled
    # Then nothing is reported
    compile_all(archive, ["a.py", "fleet.json", "template.py"], function)


def package_of(folder: Path, runtime: str) -> Package:
    names = tuple(path.name for path in folder.iterdir())
    archive = zipped(folder)
    return Package(archive, 1, 1, "", "", names, runtime, "arm64", False, False, (), ())


@pytest.mark.parametrize(("installed", "refused"), [(THIS, True), (None, False)])
def test_a_newer_runtimes_own_python_decides_where_it_is_installed(
    function: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    installed: Interpreter | None,
    refused: bool,
) -> None:
    # Given code that this Python cannot read, for a newer one
    (function / "a.py").write_text("def a(:\n")
    monkeypatch.setattr(syntax, "find_interpreter", lambda _: installed)
    newer = package_of(function, "python3.99")

    # When
    if refused:
        with pytest.raises(SourceError) as error:
            require_compiles(newer, function)
        reported = str(error.value)
    else:
        require_compiles(newer, function)
        reported = capsys.readouterr().err

    # Then
    assert 'function/ does not compile:\n  File "function/a.py", line 1\n' in reported
    assert "SyntaxError: invalid syntax" in reported
    assert "Traceback" not in reported


def test_syntax_of_a_newer_python_is_not_an_error(
    function: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given code that only the runtime's Python reads: here every Python reads it, and this one is made to refuse
    (function / "a.py").write_text("a = 1\n")
    monkeypatch.setattr(syntax, "find_interpreter", lambda _: THIS)

    def refuse(*_: object) -> None:
        raise SourceError("new syntax")

    monkeypatch.setattr(syntax, "compile_all", refuse)

    # Then
    require_compiles(package_of(function, "python3.99"), function)
    assert capsys.readouterr().err == ""


def test_an_apply_is_refused_before_it_deploys_what_does_not_compile(
    function: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    (function / "a.py").write_text("def a(:\n")
    built = package_of(function, "python3.11")
    monkeypatch.setattr(for_apply, "ROOT", function.parent)
    monkeypatch.setattr(for_apply, "target_runtime", lambda *_: Runtime("arm64", "3.11"))
    monkeypatch.setattr(for_apply, "build_all", lambda *_: [built])

    # Then
    with pytest.raises(SourceError, match=r"^function/ does not compile:\n  File"):
        for_apply.build_for_apply((), {})
