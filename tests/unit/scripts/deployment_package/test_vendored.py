"""Vendoring with the real pip, from wheels made here: no index is asked."""

import signal
import socket
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from scripts import package
from scripts.deployment_package.build import build as build_package
from scripts.deployment_package.runtime import Runtime
from tests.support.wheels import build, make_wheel


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
    files = build(source, "saddle==1.0\n", Runtime(architecture, "3.13"))

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
    platforms = Runtime("x86_64", python).platforms()

    # Then
    assert platforms[0] == f"manylinux_2_{glibc}_x86_64"
    assert platforms[-2:] == ["manylinux2014_x86_64", "linux_x86_64"]


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
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    monkeypatch.setattr(subprocess, "run", None)  # calling it would fail

    # When
    files = build(source, "# boto3 is in the runtime\n\n   \n")

    # Then
    assert set(files) == {"app.py"}


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
    printed = capsys.readouterr()
    assert "Fetch wheels for Python 3.13 on arm64" in printed.err
    assert printed.out == ""


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


def test_a_wheels_files_stay_compressed_as_they_are_in_the_wheel(
    source: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a wheel deflated by this zlib, with a name beyond ASCII, and later a zlib that gives other bytes
    text = "whinny " * 1000
    make_wheel(wheels, "saddle", files={"saddle/__init__.py": text, "saddle/Rosínante.txt": text})
    with zipfile.ZipFile(wheels / "saddle-1.0-py3-none-any.whl") as stored:
        contents = {info.filename: stored.read(info) for info in stored.infolist()}
    with zipfile.ZipFile(
        wheels / "saddle-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED
    ) as wheel:
        for name, data in contents.items():
            wheel.writestr(name, data)
        sizes = {info.filename: info.compress_size for info in wheel.infolist()}
    monkeypatch.setattr(zlib, "compressobj", None)  # calling it would fail

    # When
    files = build(source, "saddle")

    # Then
    with zipfile.ZipFile(source.parent / "build" / "function.zip") as archive:
        assert archive.testzip() is None
        packed = {info.filename: info.compress_size for info in archive.infolist()}
    assert files["saddle/Rosínante.txt"] == text
    assert {name: size for name, size in packed.items() if name != "app.py"} == sizes
    assert packed["saddle/__init__.py"] < len(text)


def test_a_wheel_built_on_amazon_linux_itself_is_taken(source: Path, wheels: Path) -> None:
    # Given a wheel that names no C library
    make_wheel(wheels, "saddle", "cp313-cp313-linux_aarch64")

    # When
    files = build(source, "saddle")

    # Then
    assert "linux_aarch64" in files["saddle.py"]


@pytest.mark.parametrize("condition", ["python_full_version >= '3.13.1'", "python_version > '3'"])
def test_conditions_see_a_full_version_of_the_runtimes_python(
    source: Path, wheels: Path, condition: str
) -> None:
    # Given
    make_wheel(wheels, "saddle")

    # When
    files = build(source, f"saddle; {condition}\n")

    # Then
    assert "saddle.py" in files


def test_a_release_that_needs_a_late_patch_of_the_runtimes_python_is_taken(
    source: Path, wheels: Path
) -> None:
    # Given
    make_wheel(wheels, "saddle", python=">=3.13.2")

    # When
    files = build(source, "saddle")

    # Then
    assert "saddle.py" in files


@pytest.mark.parametrize(
    "name", ["tests/__init__.py", "LICENSE", "README.md", "docs/conf.py", "examples/a.py"]
)
def test_stray_files_of_two_wheels_do_not_clash(source: Path, wheels: Path, name: str) -> None:
    # Given two wheels, and the function, that each ship one
    make_wheel(wheels, "saddle", files={"saddle.py": "", name: "saddle's"})
    make_wheel(wheels, "girth", files={"girth.py": "", name: "girth's"})

    # When
    files = build(source, "saddle\ngirth")

    # Then one of them is in the zip
    assert files[name] == "girth's"
    assert {"saddle.py", "girth.py"} < files.keys()


def test_the_functions_own_licence_stays(source: Path, wheels: Path) -> None:
    # Given
    make_wheel(wheels, "saddle", files={"saddle.py": "", "LICENSE": "saddle's"})
    (source / "LICENSE").write_text("ours")

    # When
    files = build(source, "saddle")

    # Then
    assert files["LICENSE"] == "ours"


def test_packages_of_one_namespace_may_declare_it_differently(source: Path, wheels: Path) -> None:
    # Given
    declarations = {
        "saddle": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)",
        "girth": "__import__('pkg_resources').declare_namespace(__name__)",
    }
    for name, text in declarations.items():
        make_wheel(wheels, name, files={"tack/__init__.py": text, f"tack/{name}.py": ""})

    # When
    files = build(source, "saddle\ngirth")

    # Then
    assert {"tack/saddle.py", "tack/girth.py"} < files.keys()


def test_the_record_says_that_the_zip_holds_compiled_code(source: Path, wheels: Path) -> None:
    # Given
    make_wheel(wheels, "saddle", "cp313-cp313-manylinux2014_aarch64")
    make_wheel(wheels, "girth")
    (source / "requirements.txt").write_text("saddle\ngirth")

    # When
    built = build_package(source, source.parent / "build" / "function.zip")

    # Then
    assert built.compiled
    assert built.wheels == (
        "girth-1.0-py3-none-any.whl",
        "saddle-1.0-cp313-cp313-manylinux2014_aarch64.whl",
    )


def test_wheels_of_more_than_50_mb_plain_fit_where_they_compress(
    source: Path, wheels: Path
) -> None:
    # Given a package as large as pandas and numpy are together
    make_wheel(wheels, "saddle")
    with zipfile.ZipFile(
        wheels / "saddle-1.0-py3-none-any.whl", "a", zipfile.ZIP_DEFLATED
    ) as wheel:
        wheel.writestr("saddle_data.bin", bytes(97_000_000))
    (source / "requirements.txt").write_text("saddle\n")

    # When
    built = build_package(source, source.parent / "build" / "function.zip")

    # Then
    assert built.unzipped_size > 97_000_000
    assert built.size < 1_000_000
    assert not built.compressed
