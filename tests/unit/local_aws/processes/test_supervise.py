"""A supervised command ends in order if it can, and ends in any case."""

import signal
import subprocess
import sys
from pathlib import Path

from local_aws.processes import supervise

# Counts its interrupts, and ends a moment after the first.
OBEDIENT = """
import signal, time
told = []
signal.signal(signal.SIGINT, lambda *_: told.append("interrupt"))
print("begun", flush=True)
while not told:
    time.sleep(0.01)
time.sleep(0.2)
raise SystemExit(len(told))
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("begun", flush=True)
time.sleep(60)
"""


def supervised(program: str, grace_s: int = 60) -> "subprocess.Popen[str]":
    """Start a program under supervision; returns the supervisor once the program has begun."""
    code = (
        f"import sys, supervise; supervise.GRACE_S = {grace_s}; "
        "sys.exit(supervise.main([sys.executable, '-c', sys.argv[1]]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, program],
        cwd=Path(supervise.__file__).parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_a_command_that_is_told_to_end_is_interrupted_once_and_waited_for() -> None:
    # Given a command that ends when interrupted
    with supervised(OBEDIENT) as process:
        # When Ctrl-C is pressed, and its supervisor told to end besides
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)

        # Then it heard of it once, and ended in its own way
        assert process.wait(timeout=30) == 1


def test_a_command_that_does_not_listen_is_killed() -> None:
    # Given a command that ignores an interrupt
    with supervised(STUBBORN, grace_s=1) as process:
        # When its supervisor is told to end
        process.send_signal(signal.SIGTERM)

        # Then it is killed after its grace
        assert process.wait(timeout=30) != 0
        assert process.stdout is not None
        assert process.stdout.read() == ""
