"""A virtual environment is not replaced while something runs from it."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.environments import virtual_environment
from scripts.environments.errors import InstallError
from scripts.environments.in_use import processes_of


def test_an_environment_of_another_python_stays_while_something_runs_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an environment that another Python has made, and a process that is running from it
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    (venv / "pyvenv.cfg").write_text("version = 3.9.1\n")
    sleeper = "import time; print(flush=True); time.sleep(60)"
    with subprocess.Popen(
        ["venv/bin/python", "-S", "-c", sleeper],  # noqa: S607 - as make runs it
        cwd=tmp_path,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()

        # When this Python is to be used
        with pytest.raises(InstallError, match=f"process {process.pid} is running from it"):
            virtual_environment.install("local", venv)
        assert processes_of(venv) == [process.pid]
        process.kill()

    # Then the environment is still there, and free once the process has ended
    assert (venv / "bin" / "python").exists()
    assert processes_of(venv) == []
