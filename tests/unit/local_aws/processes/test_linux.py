"""A command that shall die with its parent, where that has died first."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PARENT = """
import os, subprocess
from local_aws.processes.linux import die_with_parent
subprocess.Popen([*die_with_parent("TERM"), "echo", "started"], stdin=subprocess.PIPE)
os._exit(0)
"""


def test_a_command_does_not_start_if_its_parent_has_ended_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a setpriv that waits for the end of its parent, as on a machine that is busy
    late = tmp_path / "setpriv"
    late.write_text(f'#!/bin/sh\ncat\nexec {shutil.which("setpriv")} "$@"\n')
    late.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    # When a process starts a command and ends
    done = subprocess.run(
        [sys.executable, "-c", PARENT], capture_output=True, text=True, check=True
    )

    # Then the command has not started: nothing would ever end it
    assert (done.stdout, done.stderr) == ("", "")
