"""Measures the first ride over TLS as in Lambda: init with a whole processor, then the handler with its memory's share.

Init is measured in processor time, so that other work of this machine does not count; the first request by the clock.
"""

import os
import shutil
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks.cold_start import WARM_UPS, Contender, answer_with_a_ride, environment
from benchmarks.cpu_share import CpuShare, QuotaError, cpu_share
from benchmarks.rounds import MeasurementError, Series, interleaved
from benchmarks.sandbox import Sandbox
from benchmarks.stand_in import count_rides
from benchmarks.tls_front import tls_front
from local_aws.processes.linux import children
from local_aws.processes.tree import Keepers, ProcessTree

LAYER = Path(__file__).with_name("inside") / "layer"
MEMORY_MB = (128, 256, 512, 1769)
STOP_LIMIT_S = 60
POLL_S = 0.002


@dataclass(frozen=True)
class FirstRides:
    """Milliseconds of init and of the first request, by `MEMORY/CONTENDER`; `whole` is their sum.

    A memory of 0 means a whole processor. If quotas are impossible, `why_no_quota` says why, and there is only that.
    """

    init: Mapping[str, Series]
    first: Mapping[str, Series]
    whole: Mapping[str, Series]
    why_no_quota: str = ""


def measure(
    sandbox: Sandbox, functions: Mapping[str, Contender], folder: Path, rounds: int
) -> FirstRides:
    """Start each function `rounds` times for each memory, side by side.

    Raises MeasurementError if a function fails, or if the table does not hold a ride for each answer.
    """
    before = count_rides(sandbox.endpoint)
    layer = folder / "layer"
    shutil.copytree(LAYER, layer / "python", ignore=shutil.ignore_patterns("__pycache__"))
    with ExitStack() as stack:
        sdk_ca_file = sandbox.toolchain.runtime / "botocore" / "cacert.pem"
        front = stack.enter_context(tls_front(sandbox.endpoint, sdk_ca_file, layer))
        keepers = stack.enter_context(closing(Keepers()))
        shares, why = _shares(stack)
        starts = {
            f"{memory}/{key}": _Start(replace(sandbox, endpoint=front.endpoint), one, layer, share)
            for memory, share in shares.items()
            for key, one in functions.items()
        }
        whole = interleaved(
            {name: partial(start.once, keepers) for name, start in starts.items()},
            rounds,
            WARM_UPS,
        )
    rides = (WARM_UPS + rounds) * sum(start.contender.rides for start in starts.values())
    if (recorded := count_rides(sandbox.endpoint) - before) != rides:
        raise MeasurementError(f"{recorded} rides are in the table, not {rides}")
    return FirstRides(
        init={name: start.series(0) for name, start in starts.items()},
        first={name: start.series(1) for name, start in starts.items()},
        whole={
            name: Series(starts[name].contender.label, "ms", values)
            for name, values in whole.items()
        },
        why_no_quota=why,
    )


def _shares(stack: ExitStack) -> tuple[dict[int, CpuShare | None], str]:
    """Make a group for each memory; returns them, and why there are none."""
    shares: dict[int, CpuShare | None] = {0: None}
    try:
        shares |= {memory: stack.enter_context(cpu_share(memory)) for memory in MEMORY_MB}
    except QuotaError as error:
        return {0: None}, str(error)
    return shares, ""


class _Start:
    """Starts of one function with one share of a processor; keeps how long init and the first request took."""

    def __init__(
        self, sandbox: Sandbox, contender: Contender, layer: Path, share: CpuShare | None
    ) -> None:
        self.contender = contender
        self._sandbox = sandbox
        self._layer = layer
        self._share = share
        self._parts: list[tuple[float, float]] = []

    def once(self, keepers: Keepers) -> float:
        """Start the function; milliseconds of its init and its first request together."""
        trees: list[ProcessTree] = []

        def start(*arguments: object) -> ProcessTree:
            trees.append(keepers.start(*arguments))  # type: ignore[arg-type] # passed on as they are
            return trees[-1]

        with environment(self._sandbox, start, self.contender, self._layer) as started:
            watched = _Watch(trees[0].pid, self._share)
            answer_with_a_ride(started, self.contender)
            answered = time.perf_counter()
            watched.end()
        parts = watched.init_ms, (answered - watched.continued_at) * 1000
        self._parts.append(parts)
        return sum(parts)

    def series(self, part: int) -> Series:
        """Return one part of each start that counts."""
        values = tuple(parts[part] for parts in self._parts[WARM_UPS:])
        return Series(self.contender.label, "ms", values)


class _Watch:
    """Waits until the runtime below a process has stopped itself after init, and continues it with its share."""

    def __init__(self, pid: int, share: CpuShare | None) -> None:
        self._pid = pid
        self._share = share
        self.init_ms = self.continued_at = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Wait until it is done. Raises MeasurementError if the runtime did not stop."""
        self._thread.join()
        if not self.continued_at:
            raise MeasurementError("the runtime did not stop after its init")

    def _run(self) -> None:
        deadline = time.monotonic() + STOP_LIMIT_S
        while time.monotonic() < deadline:
            stopped = [pid for pid in _descendants(self._pid) if _is_stopped(pid)]
            if stopped:
                self.init_ms = _processor_ms(stopped[0])
                if self._share:
                    self._share.take_in(stopped[0])
                self.continued_at = time.perf_counter()
                os.kill(stopped[0], signal.SIGCONT)
                return
            time.sleep(POLL_S)


def _processor_ms(pid: int) -> float:
    """Return the time that a process's main thread has had a processor."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def _descendants(pid: int) -> list[int]:
    direct = children(pid)
    return [*direct, *(below for child in direct for below in _descendants(child))]


def _is_stopped(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    except (OSError, IndexError):
        return False
