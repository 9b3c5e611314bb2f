"""Vendoring with the real pip, from wheels made here: no index is asked."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import package
from scripts.deployment_package import vendor
from scripts.deployment_package.build import build as build_package
from tests.support.wheels import build, make_wheel

ARM64 = vendor.Runtime("arm64", "3.13")


@pytest.mark.parametrize(
    ("architecture", "tag"),
    [
        ("arm64", "cp313-cp313-manylinux2014_aarch64"),
        ("x86_64", "cp313-cp313-manylinux2014_x86_64"),
    ],
)
def test_the_wheel_is_for_the_function_not_for_this_machine(
    source: Path, wheels: Path, architecture: str, tag: str
) -> None:
    # Given one release for both architectures, this Python, Windows and macOS
    this = f"cp{sys.version_info.major}{sys.version_info.minor}"
    for platform in (
        *("cp313-cp313-manylinux2014_aarch64", "cp313-cp313-manylinux2014_x86_64"),
        *(f"{this}-{this}-manylinux_2_5_x86_64", "cp313-cp313-win_amd64"),
        *("cp313-cp313-macosx_11_0_arm64", "cp313-cp313-musllinux_1_2_aarch64"),
    ):
        make_wheel(wheels, "saddle", platform)

    # When
    files = build(source, "saddle==1.0\n", architecture)

    # Then
    assert files["saddle.py"] == f"TAG = '{tag}'\n"
    assert files["app.py"] == "import saddle\n"


def test_the_newest_c_library_the_runtime_has_is_used(source: Path, wheels: Path) -> None:
    # Given
    for glibc in (17, 28, 34, 35):
        make_wheel(wheels, "saddle", f"cp313-abi3-manylinux_2_{glibc}_aarch64")

    # When
    files = build(source, "saddle")

    # Then
    assert "manylinux_2_34" in files["saddle.py"]


@pytest.mark.parametrize(("python", "glibc"), [("3.11", 26), ("3.12", 34), ("3.13", 34)])
def test_the_c_library_is_that_of_the_runtimes_amazon_linux(python: str, glibc: int) -> None:
    # When
    platforms = vendor.Runtime("x86_64", python).platforms()

    # Then
    assert platforms[0] == f"manylinux_2_{glibc}_x86_64"
    assert platforms[-1] == "manylinux2014_x86_64"


def test_dependencies_are_those_of_the_function_not_of_this_machine(
    source: Path, wheels: Path
) -> None:
    # Given
    markers = {
        "girth": "python_version >= '3.13'",
        "stirrup": "platform_machine == 'aarch64' and sys_platform == 'linux'",
        "spur": "python_version < '3.13'",
        "whip": "platform_machine != 'aarch64'",
        "bit": "os_name == 'nt'",
    }
    requires = tuple(f"{name}; {marker}" for name, marker in markers.items())
    make_wheel(wheels, "saddle", requires=requires)
    for name in markers:
        make_wheel(wheels, name)

    # When
    files = build(source, "saddle\nspur; python_full_version < '3.13'\n")

    # Then
    modules = {name for name in files if name.endswith(".py")}
    assert modules == {"app.py", "saddle.py", "girth.py", "stirrup.py"}


def test_only_what_a_function_imports_is_kept_and_nothing_of_this_machine(
    source: Path, wheels: Path
) -> None:
    # Given
    contents = {
        "saddle/__init__.py": "",
        "saddle/tests/data.txt": "a package may need its tests folder",
        "saddle/__pycache__/__init__.cpython-313.pyc": "",
        "saddle-1.0.data/purelib/girth.py": "pure",
        "saddle-1.0.data/platlib/bit.so": "native",
        "saddle-1.0.data/scripts/saddle": "#!python",
        "saddle-1.0.data/data/share/man/saddle.1": "",
        "saddle-1.0.data/headers/saddle.h": "",
        "saddle-1.0.dist-info/entry_points.txt": "[console_scripts]\nsaddle = saddle:main\n",
    }
    make_wheel(wheels, "saddle", files=contents)

    # When
    files = build(source, "saddle")

    # Then
    assert set(files) == {
        *("app.py", "bit.so", "girth.py", "saddle/__init__.py", "saddle/tests/data.txt"),
        *(
            f"saddle-1.0.dist-info/{name}"
            for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt")
        ),
    }


def test_vendoring_twice_makes_the_same_bytes(source: Path, wheels: Path) -> None:
    # Given
    make_wheel(wheels, "saddle", requires=("girth",))
    make_wheel(wheels, "girth")
    (source / "requirements.txt").write_text("saddle")

    # When
    first, second = (build_package(source, source.parent / f"{n}.zip") for n in (1, 2))

    # Then
    assert first.sha256 == second.sha256
    assert "girth.py" in first.files


def test_relative_paths_in_requirements_start_at_the_file(
    source: Path, wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    (source / ".wheels").mkdir()
    make_wheel(source / ".wheels", "saddle")
    (source / "pip.py").write_text("raise RuntimeError('not the real pip')\n")
    monkeypatch.chdir(tmp_path)

    # When
    files = build(source, "./.wheels/saddle-1.0-py3-none-any.whl\n")

    # Then
    assert "saddle.py" in files


def test_a_requirements_file_of_comments_needs_no_pip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("# boto3 is in the runtime\n\n   \n")
    monkeypatch.setattr(subprocess, "run", None)  # calling it would fail

    # When
    downloaded = vendor.download(requirements, ARM64, tmp_path / "downloads")

    # Then
    assert downloaded == []


def test_two_wheels_may_bring_the_same_file(source: Path, wheels: Path) -> None:
    # Given
    for name in ("saddle", "girth"):
        make_wheel(wheels, name, files={"tack/__init__.py": "", f"tack/{name}.py": ""})

    # When
    files = build(source, "saddle\ngirth")

    # Then
    assert {"tack/__init__.py", "tack/saddle.py", "tack/girth.py"} < set(files)


def test_progress_goes_to_standard_error(
    source: Path, wheels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given
    make_wheel(wheels, "saddle")

    # When
    build(source, "saddle")

    # Then
    told = capsys.readouterr()
    assert "Fetch wheels for Python 3.13 on arm64" in told.err
    assert told.out == ""


def test_ctrl_c_stops_pip_and_leaves_nothing(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a build whose pip waits for an index that never answers
    (source / "requirements.txt").write_text("saddle\n")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.delenv("PIP_NO_INDEX")
    with socket.create_server(("127.0.0.1", 0)) as index:
        index.settimeout(60)
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{index.getsockname()[1]}/simple")
        command = [sys.executable, package.__file__, "--source", str(source)]
        command += ["--output", str(tmp_path / "build" / "function.zip")]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            connection, _ = index.accept()
            with connection:
                # When
                process.send_signal(signal.SIGINT)
                _, errors = process.communicate(timeout=60)

                # Then pip has hung up, so it is gone
                connection.settimeout(60)
                while connection.recv(4096):
                    pass
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert not (tmp_path / "build").exists()
    assert list((tmp_path / "temporary").iterdir()) == []
