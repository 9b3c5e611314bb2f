"""Ctrl-C waits for the supervised command to end, however often it is pressed."""

import subprocess
import sys
from pathlib import Path

# Interrupts itself again while it waits for its command, which takes a moment to end after the first interrupt.
PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from local_aws.processes.supervised import run_supervised

def press_ctrl_c_twice():
    while not Path("started").exists():
        pass
    os.kill(os.getpid(), signal.SIGINT)
    while not Path("interrupted").exists():
        pass
    os.kill(os.getpid(), signal.SIGINT)

# A test run in the background ignores Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Thread(target=press_ctrl_c_twice, daemon=True).start()
try:
    run_supervised([sys.executable, "-c", sys.argv[1]], Path())
except KeyboardInterrupt:
    print(Path("ended").exists())
"""
COMMAND = """
import time
from pathlib import Path
Path("started").touch()
try:
    time.sleep(60)
except KeyboardInterrupt:
    Path("interrupted").touch()
    time.sleep(1)
    Path("ended").touch()
"""


def test_a_second_ctrl_c_does_not_return_before_the_command_has_ended(tmp_path: Path) -> None:
    # Given a command that ends a moment after an interrupt, when Ctrl-C is pressed twice
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, COMMAND],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    # Then it has ended when the caller goes on
    assert done.stdout == "True\n"
    assert done.stderr == ""
