"""Ctrl-C while a verb still imports its modules."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.project.paths import ROOT

VERBS = ("deploy", "dev", "env", "invoke", "monitor", "play", "ride", "stack")
# Presses Ctrl-C as soon as anything is imported that takes time, or comes before such.
EARLY = """
import os, signal, sys

class CtrlC:
    def find_spec(self, name, path=None, target=None):
        if name in ("botocore", "scripts.calling") or name.startswith("local_aws.client"):
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, CtrlC())
"""


@pytest.mark.parametrize(
    "arguments",
    [*([f"scripts/{verb}.py"] for verb in VERBS), ["-m", "local_aws"]],
    ids=" ".join,
)
def test_ctrl_c_during_its_imports_ends_it_without_a_traceback(
    arguments: list[str], tmp_path: Path
) -> None:
    # Given a verb that is interrupted as soon as it imports what takes time
    (tmp_path / "sitecustomize.py").write_text(EARLY)

    # When it is started
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    # Then the signal has ended it
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
