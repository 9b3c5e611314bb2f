"""Signals that a function has started: by a connection on loopback, which any execution environment can reach."""

import select
import socket
from types import TracebackType


class SignalOfStart:
    """Listens until the `with` block ends; `port` is for the function's event."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> "SignalOfStart":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._listener.close()

    def given(self) -> bool:
        """Whether the function has begun; waits a moment for it."""
        ready, _, _ = select.select([self._listener], [], [], 0.05)
        return bool(ready)
