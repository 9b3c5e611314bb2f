"""A function that leaves a daemon behind, as a library might that it uses."""

import os
import subprocess
from typing import Any


def handler(event: dict[str, Any] | None, context: Any) -> int:
    """Start a daemon, forked twice, in a session of its own, with an empty environment; return its process id."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        nowhere = subprocess.DEVNULL
        sleeper = subprocess.Popen(
            ["/bin/sleep", "600"], cwd="/", env={}, stdin=nowhere, stdout=nowhere, stderr=nowhere
        )
        os.write(write, str(sleeper.pid).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(read, 20))
