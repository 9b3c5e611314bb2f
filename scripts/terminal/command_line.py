"""What all commands (verbs) share: the parser's form, errors in a line or two, and exit statuses."""

import argparse
import contextlib
import functools
import io
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

from local_aws.errors import LocalAwsError
from scripts.terminal.encodings import SUBSTITUTE
from scripts.terminal.errors import UserError
from scripts.terminal.printable import printable_json, printable_lines

Main = Callable[[list[str] | None], int]
# SIGTERM and SIGHUP as they are received: they raise KeyboardInterrupt, which libraries handle too.
RECEIVED: list[int] = []
# Longer than any finalizer runs.
AGAIN_S = 0.01


def parser(description: str | None, epilog: str) -> argparse.ArgumentParser:
    """Make a verb's parser; the description is its module's docstring, the epilog its examples, shown as written."""
    return argparse.ArgumentParser(
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def verb(name: str, *, interrupted: str = "") -> Callable[[Main], Main]:
    """Make `main` report a UserError or LocalAwsError as `name: message` on stderr, with status 1.

    `interrupted` is the message after Ctrl-C, SIGTERM or SIGHUP.
    """

    def decorate(main: Main) -> Main:
        @functools.wraps(main)
        def reporting(arguments: list[str] | None = None) -> int:
            for stream in (sys.stdout, sys.stderr):
                if isinstance(stream, io.TextIOWrapper):
                    stream.reconfigure(errors=SUBSTITUTE)
            try:
                return main(arguments)
            except (UserError, LocalAwsError) as error:
                print(f"{name}: {printable_lines(str(error))}", file=sys.stderr)
                return 1
            except KeyboardInterrupt:
                if interrupted:
                    print(f"{name}: interrupted; {interrupted}", file=sys.stderr)
                raise

        return reporting

    return decorate


@contextlib.contextmanager
def until_ctrl_c() -> Iterator[None]:
    """Run a `with` block that Ctrl-C ends normally; SIGTERM and SIGHUP still raise KeyboardInterrupt."""
    try:
        yield
    except KeyboardInterrupt:
        if RECEIVED:
            raise
        print("\nStopping.", file=sys.stderr, flush=True)


def print_json(text: str) -> None:
    """Print JSON text on standard output; what the stream's encoding lacks is escaped, so that nothing is lost."""
    print(printable_json(text, sys.stdout.encoding or "ascii"), flush=True)


def run(main: Callable[..., int]) -> NoReturn:
    """Call `main` and exit with its status, or with 128 and the number of the signal that ended it, as shells count.

    In `main` Ctrl-C, SIGTERM and SIGHUP raise KeyboardInterrupt. Streams that are closed at the start are replaced by
    the null device. If the reader of a pipe goes away, the script ends silently; if the disk is full, with a message.
    """
    _open_closed_streams()
    sys.unraisablehook = _interrupt_again
    # A signal that is ignored at the start, as SIGHUP is under nohup, stays ignored.
    handled = [one for one in HANDLERS if signal.getsignal(one) is not signal.SIG_IGN]
    for number in handled:
        signal.signal(number, HANDLERS[number])
    status = _status(main)
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in handled:
        signal.signal(number, signal.SIG_DFL)
    sys.exit(status)


def _open_closed_streams() -> None:
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open as long as the script


def _terminate(number: int, _frame: FrameType | None) -> NoReturn:
    RECEIVED.append(number)
    if number == signal.SIGHUP:
        # The terminal is gone.
        _discard_what_is_left(stream for stream in (sys.stdout, sys.stderr) if stream.isatty())
    raise KeyboardInterrupt


HANDLERS = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: _terminate,
    signal.SIGHUP: _terminate,
}


def _interrupt_again(unraisable: "sys.UnraisableHookArgs") -> None:
    """Interrupt again what a signal interrupted while Python ran a finalizer: there, the KeyboardInterrupt is lost."""
    if unraisable.exc_type is KeyboardInterrupt:
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
    else:
        sys.__unraisablehook__(unraisable)


def _status(main: Callable[..., int]) -> int:
    try:
        try:
            return main()
        finally:  # after argparse's exit too
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 128 + (RECEIVED or [signal.SIGINT])[0]
    except BrokenPipeError:
        _discard_what_is_left((sys.stdout, sys.stderr))
        return 128 + signal.SIGPIPE
    except OSError as error:
        script = Path(sys.argv[0]).stem
        print(
            f"{script}: {error}. Check free space and write permission for its output.",
            file=sys.stderr,
        )
        _discard_what_is_left((sys.stdout, sys.stderr))
        return 1


def _discard_what_is_left(streams: Iterable[TextIO]) -> None:
    """Keep Python from trying to write it again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        os.dup2(nowhere, stream.fileno())
