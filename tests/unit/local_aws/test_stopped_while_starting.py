"""Ctrl-C while the local AWS starts."""

import subprocess
import sys

# A server whose import takes until Ctrl-C: a stand-in, as the moment of a real one cannot be met.
STARTING = """
import signal, sys, types

class Server(types.ModuleType):
    def __getattr__(self, name):
        signal.raise_signal(signal.SIGINT)

sys.modules["local_aws.server"] = Server("local_aws.server")
from local_aws.__main__ import main
sys.exit(main(["--port", "0"]))
"""


def test_ctrl_c_while_it_starts_ends_it_without_a_traceback() -> None:
    # Given a local AWS that still imports its server
    # When Ctrl-C is pressed
    done = subprocess.run(
        [sys.executable, "-c", STARTING], capture_output=True, text=True, check=False
    )

    # Then it has ended in order, and has not started
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
