"""Vendoring with the real pip, from wheels made here: no index is asked."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

import package
import vendor

ARM64 = vendor.Runtime("arm64", "3.13")


@pytest.fixture(autouse=True)
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder pip looks in."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for variable in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A function's folder that needs nothing yet."""
    folder = tmp_path / "function"
    folder.mkdir()
    (folder / "app.py").write_text("import saddle\n")
    return folder


def make_wheel(
    folder: Path,
    name: str,
    tag: str = "py3-none-any",
    requires: tuple[str, ...] = (),
    files: Mapping[str, str] | None = None,
) -> None:
    """Write a wheel by hand, version 1.0; its one module is its tag unless `files` are given."""
    info = f"{name}-1.0.dist-info"
    needs = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as wheel:
        for path, text in (files or {f"{name}.py": f"TAG = '{tag}'\n"}).items():
            wheel.writestr(path, text)
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}"
        )
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr(f"{info}/RECORD", "")


def build(source: Path, requirements: str, architecture: str = "arm64") -> dict[str, str]:
    """Package, and return the text of every file in the zip."""
    (source / "requirements.txt").write_text(requirements)
    built = package.build(source, source.parent / "build" / "function.zip", architecture)
    with zipfile.ZipFile(built.path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


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
    first, second = (package.build(source, source.parent / f"{n}.zip") for n in (1, 2))

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


def refusal(source: Path, requirements: str) -> str:
    with pytest.raises(package.PackageError) as refused:
        build(source, requirements)
    assert not (source.parent / "build").exists()
    assert str(refused.value).count("\n") <= 1
    return str(refused.value)


@pytest.mark.parametrize("tag", ["cp313-cp313-manylinux2014_x86_64", "cp312-cp312-linux_aarch64"])
def test_a_package_without_a_wheel_for_the_runtime_is_refused(
    source: Path, wheels: Path, tag: str
) -> None:
    # Given
    make_wheel(wheels, "saddle", tag)

    # When
    message = refusal(source, "saddle==1.0")

    # Then
    assert message.startswith("There is no wheel of saddle==1.0 for Python 3.13 on arm64")
    assert "PIP_FIND_LINKS" in message


def test_a_dependency_that_is_only_source_is_refused(source: Path, wheels: Path) -> None:
    # Given
    make_wheel(wheels, "saddle", requires=("girth",))
    (wheels / "girth-1.0.tar.gz").write_bytes(b"")

    # When
    message = refusal(source, "saddle")

    # Then
    assert message.startswith("There is no wheel of girth for Python 3.13 on arm64")


@pytest.mark.parametrize("archived", [False, True])
def test_source_asked_for_by_path_is_refused(source: Path, tmp_path: Path, archived: bool) -> None:
    # Given source that pip can read the name and version of
    project = tmp_path / "girth"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (project / "backend.py").write_text(
        "from pathlib import Path\n"
        "def prepare_metadata_for_build_wheel(folder, _=None):\n"
        "    info = Path(folder, 'girth-1.0.dist-info')\n"
        "    info.mkdir()\n"
        "    text = 'Metadata-Version: 2.1\\nName: girth\\nVersion: 1.0\\n'\n"
        "    (info / 'METADATA').write_text(text)\n"
        "    return info.name\n"
    )
    archive = shutil.make_archive(str(project), "gztar", tmp_path, project.name)

    # When
    message = refusal(source, archive if archived else str(project))

    # Then
    assert "names something that is source" in message


def test_a_wheel_that_is_not_the_one_hashed_is_refused(source: Path, wheels: Path) -> None:
    # Given
    make_wheel(wheels, "saddle")

    # When
    message = refusal(source, f"saddle==1.0 --hash=sha256:{'0' * 64}")

    # Then
    assert "DO NOT MATCH THE HASHES" in message


def test_a_line_pip_cannot_read_is_named(source: Path) -> None:
    # When
    message = refusal(source, "saddle and stirrups\n")

    # Then
    assert "Invalid requirement" in message
    assert str(source / "requirements.txt") in message


def test_an_index_that_cannot_be_reached_is_told_from_a_missing_wheel(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a port of this machine where nobody listens
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")

    # When
    message = refusal(source, "saddle")

    # Then
    assert message.startswith("pip could not reach a package index")


def test_a_python_without_pip_is_told_how_to_get_it(source: Path, tmp_path: Path) -> None:
    # Given
    venv.create(tmp_path / "bare", with_pip=False)
    (source / "requirements.txt").write_text("saddle\n")

    # When
    command = [str(tmp_path / "bare" / "bin" / "python"), package.__file__]
    command += ["--source", str(source), "--output", str(tmp_path / "function.zip")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    # Then
    assert done.returncode == 1
    assert "has no pip" in done.stderr
    assert "ensurepip" in done.stderr
    assert done.stderr.count("\n") == 2


def test_a_vendored_file_never_replaces_one_of_the_function(source: Path, wheels: Path) -> None:
    # Given
    make_wheel(wheels, "app")

    # When
    message = refusal(source, "app")

    # Then
    assert message.startswith(f"{source / 'app.py'} has the name of a file")


def test_two_wheels_may_bring_the_same_file(source: Path, wheels: Path) -> None:
    # Given
    for name in ("saddle", "girth"):
        make_wheel(wheels, name, files={"tack/__init__.py": "", f"tack/{name}.py": ""})

    # When
    files = build(source, "saddle\ngirth")

    # Then
    assert {"tack/__init__.py", "tack/saddle.py", "tack/girth.py"} < set(files)


def test_two_wheels_that_disagree_about_a_file_are_refused(source: Path, wheels: Path) -> None:
    # Given
    make_wheel(wheels, "saddle", files={"common.py": "saddle's"})
    make_wheel(wheels, "girth", files={"common.py": "girth's"})

    # When
    message = refusal(source, "saddle\ngirth")

    # Then
    assert "different files named common.py" in message
    assert "girth-1.0-py3-none-any.whl and saddle-1.0-py3-none-any.whl" in message


@pytest.mark.parametrize("name", ["../outside.py", "/outside.py", "a/../../outside.py"])
def test_a_wheel_that_writes_outside_its_folder_is_refused(wheels: Path, name: str) -> None:
    # Given
    make_wheel(wheels, "saddle", files={name: ""})

    # When
    with ExitStack() as stack:
        opened = [stack.enter_context(zipfile.ZipFile(path)) for path in wheels.iterdir()]

        # Then
        with pytest.raises(vendor.VendorError, match="outside"):
            vendor.members(opened)


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
