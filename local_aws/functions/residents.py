"""The processes inside one execution environment: whether they run, their memory, and freezing them."""

import threading

from local_aws.processes.linux import children, peak_memory_mb
from local_aws.processes.members import Members, resume
from local_aws.processes.tree import ProcessTree


class Residents:
    """A function's processes, below the emulator. `enclosed` if bubblewrap runs that in namespaces.

    `peak_mb` is the most memory that they were found to have together; past `limit_mb` they are killed.
    """

    def __init__(self, processes: ProcessTree, limit_mb: int, *, enclosed: bool) -> None:
        self._members = _members(processes, enclosed=enclosed)
        self._limit_mb = limit_mb
        self.peak_mb = 0.0
        # The process that the emulator started, once it is known.
        self._runtime = 0
        self._busy = False
        self._stopped: list[int] = []
        self._changing = threading.Lock()

    @property
    def alive(self) -> bool:
        """Whether the emulator runs, and the runtime if it was ever started."""
        needed = [self._members.starter, *([self._runtime] if self._runtime else [])]
        return all(peak_memory_mb(pid) for pid in needed)

    def measure(self) -> None:
        """Note the memory of all of them."""
        self._note(self._members.memory_mb())

    def measure_runtime(self) -> None:
        """Note the most memory the runtime has had, which is quick."""
        self._runtime = self._runtime or self._members.first()
        self._note(peak_memory_mb(self._runtime))

    def freeze(self) -> None:
        """Stop them until `thaw`; nothing while a request is under way."""
        with self._changing:
            if not self._busy and not self._stopped:
                self._stopped = self._members.stop()

    def thaw(self) -> None:
        """Let them run, for a request that is under way until `rest`."""
        with self._changing:
            self._busy = True
            resume(self._stopped)
            self._stopped = []

    def rest(self) -> None:
        """Note that the request is over: they may be frozen."""
        self._busy = False

    def _note(self, measured_mb: float) -> None:
        if measured_mb > self._limit_mb:
            self._members.kill()
        self.peak_mb = max(self.peak_mb, measured_mb)


def _members(processes: ProcessTree, *, enclosed: bool) -> Members:
    """Return the processes below the emulator; in namespaces, bubblewrap's second process adopts orphans."""
    if not enclosed:
        return Members(processes.pid, processes.keeper)
    reaper = max(children(processes.pid), default=0)
    return Members(min(children(reaper), default=0), reaper)
