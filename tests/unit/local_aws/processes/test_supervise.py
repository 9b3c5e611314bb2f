"""A supervised command ends in order if it can, and is killed otherwise."""

import signal
import subprocess
import sys
from pathlib import Path

from local_aws.processes import supervise

# Counts its interrupts, and ends a moment after the first.
OBEDIENT = """
import signal, time
interrupts = []
signal.signal(signal.SIGINT, lambda *_: interrupts.append("interrupt"))
print("started", flush=True)
while not interrupts:
    time.sleep(0.01)
time.sleep(0.2)
raise SystemExit(len(interrupts))
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("started", flush=True)
time.sleep(60)
"""


def supervised(program: str, *options: str, grace_s: int = 60) -> "subprocess.Popen[str]":
    """Start a program under supervision; returns the supervisor once the program has started."""
    code = (
        f"import sys, supervise; supervise.GRACE_S = {grace_s}; "
        f"sys.exit(supervise.main([*{options}, sys.executable, '-c', sys.argv[1]]))"
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


def test_a_terminated_command_is_interrupted_once_and_waited_for() -> None:
    # Given a command that ends when interrupted
    with supervised(OBEDIENT) as process:
        # When Ctrl-C is pressed, and its supervisor terminated as well
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)

        # Then it was interrupted once, and ended in its own way
        assert process.wait(timeout=30) == 1


def test_a_command_that_ignores_the_interrupt_is_killed() -> None:
    # Given a command that ignores an interrupt
    with supervised(STUBBORN, grace_s=1) as process:
        # When its supervisor is terminated
        process.send_signal(signal.SIGTERM)

        # Then it is killed after the grace period
        assert process.wait(timeout=30) != 0
        assert process.stdout is not None
        assert process.stdout.read() == ""


def test_a_command_that_lingers_is_interrupted_only_after_the_grace_period() -> None:
    # Given a command that lingers
    with supervised(OBEDIENT, supervise.LINGER) as process:
        # When its supervisor is terminated, and the grace period is over
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGALRM)

        # Then it was interrupted by the latter alone, or it would have been killed
        assert process.wait(timeout=30) == 1


def test_a_command_that_lingers_and_ignores_the_interrupt_is_killed() -> None:
    # Given a command that lingers and ignores an interrupt
    with supervised(STUBBORN, supervise.LINGER, grace_s=0) as process:
        # When its supervisor is terminated
        process.send_signal(signal.SIGTERM)

        # Then it is killed in the end
        assert process.wait(timeout=30) == -signal.SIGKILL % 256


def test_a_supervisor_that_is_terminated_while_it_starts_its_command_ends_that_too() -> None:
    # Given a supervisor that is terminated at the moment when its command has just started
    code = (
        "import os, signal, subprocess, sys, supervise\n"
        "start = subprocess.Popen\n"
        "def popen(*arguments, **options):\n"
        "    process = start(*arguments, **options)\n"
        "    print(process.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    return process\n"
        "subprocess.Popen = popen\n"
        "sys.exit(supervise.main(sys.argv[1:]))\n"
    )

    # When it has ended
    done = subprocess.run(
        [sys.executable, "-c", code, "sleep", "60"],
        cwd=Path(supervise.__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )

    # Then so has the command
    assert not Path(f"/proc/{done.stdout.strip()}").exists()
    assert done.stderr == ""


def test_a_command_that_lingers_ends_when_interrupted() -> None:
    # Given a command that lingers
    with supervised(OBEDIENT, supervise.LINGER) as process:
        # When its supervisor is interrupted, then it ends in its own way
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 1
