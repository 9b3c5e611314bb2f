"""Runs a script's main() so that, whatever becomes of its streams, it ends as commands do: in order, with a status."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn


class Terminated(KeyboardInterrupt):
    """SIGTERM came: it cleans up as Ctrl-C does."""


def run(main: Callable[[], int]) -> NoReturn:
    """Call `main` and exit with its status, or with 128 and the number of the signal that ended it, as shells count.

    In `main` Ctrl-C and SIGTERM raise KeyboardInterrupt. A stream that was closed by whoever started the script is
    empty. A reader that goes away ends the script in silence, a full disk with a sentence and status 1.
    """
    _open_closed_streams()
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(_status(main))


def _open_closed_streams() -> None:
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open as long as the script


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def _status(main: Callable[[], int]) -> int:
    try:
        try:
            return main()
        finally:  # after argparse's exit too
            sys.stdout.flush()
    except Terminated:
        return 128 + signal.SIGTERM
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        _discard_what_is_left()
        return 128 + signal.SIGPIPE
    except OSError as error:
        script = Path(sys.argv[0]).stem
        print(
            f"{script}: {error}; is there room where it writes, and may it write there?",
            file=sys.stderr,
        )
        _discard_what_is_left()
        return 1


def _discard_what_is_left() -> None:
    """Keep Python from writing it once more at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
