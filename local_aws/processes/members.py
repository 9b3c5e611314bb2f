"""The processes of one execution environment, taken together: their memory, and stopping and killing all of them."""

import contextlib
import os
import signal
from dataclasses import dataclass

from local_aws.processes.linux import children, memory_mb, peak_memory_mb

# A process may fork while it is being stopped; this many times in a row it does not.
STOP_ROUNDS = 5


@dataclass(frozen=True)
class Members:
    """All descendants of the process `starter`, and the orphans that `reaper` has adopted; not these two."""

    starter: int
    reaper: int

    def first(self) -> int:
        """Return the process that was started last of the starter's own; 0 if there is none."""
        return max(children(self.starter), default=0)

    def pids(self) -> list[int]:
        """Return the process ids."""
        orphans = [pid for pid in children(self.reaper) if pid != self.starter]
        waiting = children(self.starter) + orphans
        pids: list[int] = []
        while waiting:
            pids.append(waiting.pop())
            waiting += children(pids[-1])
        return pids

    def memory_mb(self) -> float:
        """Return the memory they have together, in MB; of a single process, the most it has had."""
        pids = self.pids()
        return peak_memory_mb(pids[0]) if len(pids) == 1 else sum(map(memory_mb, pids))

    def stop(self) -> list[int]:
        """Stop them all, until `resume`; returns the process ids."""
        stopped: set[int] = set()
        for _ in range(STOP_ROUNDS):
            running = set(self.pids()) - stopped
            if not running:
                break
            _signal(running, signal.SIGSTOP)
            stopped |= running
        return list(stopped)

    def kill(self) -> None:
        """Kill them all."""
        _signal(self.pids(), signal.SIGKILL)


def resume(pids: list[int]) -> None:
    """Let stopped processes run again."""
    _signal(pids, signal.SIGCONT)


def _signal(pids: list[int] | set[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
