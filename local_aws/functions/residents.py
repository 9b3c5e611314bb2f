"""The processes inside an execution environment: whether they are running, their memory, and freezing them."""

import threading

from local_aws.processes.linux import children, peak_memory_mb
from local_aws.processes.members import Members, resume
from local_aws.processes.tree import ProcessTree


class Residents:
    """The processes of a function, which the emulator starts; `enclosed` if bubblewrap runs it in namespaces.

    `peak_mb` is the peak of their measured memory together; if it exceeds `limit_mb`, they are killed.
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
        """Whether the emulator is running, and the runtime if it has been started."""
        needed = [self._members.starter, *([self._runtime] if self._runtime else [])]
        return all(peak_memory_mb(pid) for pid in needed)

    def measure(self) -> None:
        """Measure the memory of all processes."""
        self._note(self._members.memory_mb())

    def measure_runtime(self) -> None:
        """Measure only the peak memory of the runtime, which is faster."""
        self._runtime = self._runtime or self._members.first()
        self._note(peak_memory_mb(self._runtime))

    def freeze(self) -> None:
        """Stop all processes until `thaw`, unless a request is running."""
        with self._changing:
            if not self._busy and not self._stopped:
                self._stopped = self._members.stop()

    def thaw(self) -> None:
        """Resume all processes, for a request that runs until `rest`."""
        with self._changing:
            self._busy = True
            resume(self._stopped)
            self._stopped = []

    def rest(self) -> None:
        """Note that the request has ended: the processes may be frozen."""
        self._busy = False

    def _note(self, measured_mb: float) -> None:
        if measured_mb > self._limit_mb:
            self._members.kill()
        self.peak_mb = max(self.peak_mb, measured_mb)


def _members(processes: ProcessTree, *, enclosed: bool) -> Members:
    """Return the processes that the emulator starts; in namespaces, bubblewrap's second process adopts orphans."""
    if not enclosed:
        return Members(processes.pid, processes.keeper)
    reaper = max(children(processes.pid), default=0)
    return Members(min(children(reaper), default=0), reaper)
