"""What cannot be vendored, and how that is reported; with the real pip, and without an index."""

import shutil
import socket
import subprocess
import venv
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from scripts import package
from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.wheels import read_wheels
from tests.support.wheels import build, make_wheel


def refusal(source: Path, requirements: str) -> str:
    with pytest.raises(PackageError) as refused:
        build(source, requirements)
    assert not (source.parent / "build").exists()
    assert str(refused.value).count("\n") <= 4
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


def test_an_unreachable_index_is_not_reported_as_a_missing_wheel(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a port of this machine where nothing listens
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")

    # When
    message = refusal(source, "saddle")

    # Then
    assert message.startswith("pip could not reach a package index")


def test_a_python_without_pip_is_refused_with_the_fix(source: Path, tmp_path: Path) -> None:
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
        with pytest.raises(PackageError, match="outside"):
            read_wheels(opened)


def test_pips_own_reason_is_reported(source: Path, wheels: Path) -> None:
    # Given
    make_wheel(wheels, "saddle")
    make_wheel(wheels, "girth", python="<3.12")

    # When
    version = refusal(source, "saddle==2.0\n")
    python = refusal(source, "girth\n")
    conflict = refusal(source, "saddle==1.0\nsaddle==2.0\n")

    # Then
    assert "pip: Could not find a version" in version
    assert "(from versions: 1.0)" in version
    assert "requires a different Python" in python
    assert "pip: Cannot install saddle==1.0 and saddle==2.0" in conflict
