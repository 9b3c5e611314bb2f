"""Limits a function to the share of a processor that comes with its memory, by a quota of Linux's control groups."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# "Configure Lambda function memory": at 1,769 MB a function has one vCPU, with less memory a part of one.
WHOLE_PROCESSOR_MB = 1769
# AWS does not document the period; measured inside functions, it is 20 ms.
PERIOD_US = 20_000


class QuotaError(Exception):
    """A quota cannot be set on this machine; the message says why."""


@dataclass(frozen=True)
class CpuShare:
    """A control group whose processes together get a function's share."""

    folder: Path

    def take_in(self, pid: int) -> None:
        """Put a process, with all its threads, into the group."""
        (self.folder / "cgroup.procs").write_text(str(pid))


@contextmanager
def cpu_share(memory_mb: int) -> Iterator[CpuShare]:
    """Create a group for a `with` block, by whose end its processes must have ended. Raises QuotaError."""
    quota_us = PERIOD_US * memory_mb // WHOLE_PROCESSOR_MB
    try:
        parent, settings = _controller(quota_us)
        folder = parent / f"wild-rydes-{os.getpid()}-{memory_mb}"
        folder.mkdir()
    except OSError as error:
        raise QuotaError(f"no control group can be made: {error}") from error
    try:
        for name, value in settings.items():
            (folder / name).write_text(value)
        yield CpuShare(folder)
    except OSError as error:
        raise QuotaError(f"no quota can be set: {error}") from error
    finally:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _controller(quota_us: int) -> tuple[Path, dict[str, str]]:
    """Return the folder that groups are made in, and the files that set a quota there: of version 1 or 2."""
    own = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        own[controllers] = path.lstrip("/")
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, mounted, kind, options, *_ = line.split()
        if kind == "cgroup" and "cpu" in options.split(","):
            path = next(path for names, path in own.items() if "cpu" in names.split(","))
            period = {"cpu.cfs_period_us": str(PERIOD_US), "cpu.cfs_quota_us": str(quota_us)}
            return Path(mounted) / path, period
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, mounted, kind, *_ = line.split()
        if kind == "cgroup2":
            group = Path(mounted) / own[""]
            # A group with processes has no groups of its own, unless it is the root.
            parent = group.parent if own[""] else group
            return parent, {"cpu.max": f"{quota_us} {PERIOD_US}"}
    raise QuotaError("it has no control groups.")
