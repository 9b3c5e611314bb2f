"""What a verb does before its imports, which take most of the second until it starts."""

import signal


def end_at_ctrl_c() -> None:
    """Let Ctrl-C end this process at once until `command_line.run`: an import would show a traceback."""
    # A process in the background may have been started to ignore it.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
