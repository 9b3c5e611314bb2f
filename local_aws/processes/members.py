"""The processes of an execution environment as a group: their memory, and stopping and killing all of them."""

import contextlib
import os
import signal
from collections.abc import Iterable
from dataclasses import dataclass

from local_aws.processes.linux import children, memory_mb, peak_memory_mb

# A process may fork while it is being stopped; it is assumed not to do so this many times in a row.
STOP_ROUNDS = 5


@dataclass(frozen=True)
class Members:
    """All descendants of the process `starter`, and the orphans that `reaper` has adopted, without these two."""

    starter: int
    reaper: int

    def first(self) -> int:
        """Return the youngest child of the starter; 0 if it has none."""
        return max(children(self.starter), default=0)

    def pids(self) -> list[int]:
        """Return the process ids."""
        return _with_descendants(children(self.starter) + self._orphans())

    def _orphans(self) -> list[int]:
        return [pid for pid in children(self.reaper) if pid != self.starter]

    def memory_mb(self) -> float:
        """Return their memory together, in MB; of a single process, its peak."""
        pids = self.pids()
        return peak_memory_mb(pids[0]) if len(pids) == 1 else sum(map(memory_mb, pids))

    def stop(self) -> list[int]:
        """Stop all of them until `resume`; returns their process ids."""
        stopped: set[int] = set()
        running = set(self.pids())
        for _ in range(STOP_ROUNDS):
            if not running:
                break
            _signal(running, signal.SIGSTOP)
            stopped |= running
            # They may have started others meanwhile; the starter starts none between requests.
            running = set(_with_descendants([*stopped, *self._orphans()])) - stopped
        return list(stopped)

    def kill(self) -> None:
        """Kill all of them."""
        _signal(self.pids(), signal.SIGKILL)


def _with_descendants(pids: Iterable[int]) -> list[int]:
    waiting, reached = list(pids), []
    while waiting:
        reached.append(waiting.pop())
        waiting += children(reached[-1])
    return reached


def resume(pids: list[int]) -> None:
    """Let stopped processes run again."""
    _signal(pids, signal.SIGCONT)


def _signal(pids: list[int] | set[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
