"""Measures the time from a saved edit to the new code's first answer: with `make dev`, and with `terraform apply`."""

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.checkout import Checkout
from benchmarks.commands import end
from benchmarks.local_clients import local_client
from benchmarks.rounds import MeasurementError, Series, interleaved
from local_aws.client import local_aws
from local_aws.processes.linux import die_with_parent
from scripts.project.paths import TUTORIAL_EVENT

WARM_UPS = 1
PATIENCE_S = 60
FUNCTION = "RequestUnicorn"
ETA = re.compile(r'^(ETA_WITHOUT_HOME = ")(\d+)( seconds")', re.MULTILINE)


def measure(with_dev: Checkout, with_terraform: Checkout, rounds: int) -> dict[str, Series]:
    """Edit each copy's function `rounds` times, in turns; milliseconds from the save to the answer.

    Raises MeasurementError if something does not start, or the edit does not answer.
    """
    with _dev_session(with_dev) as dev, local_aws() as endpoint:
        run_package = with_terraform.script("package.py")
        with_terraform.run(run_package)
        with_terraform.init(endpoint)
        with_terraform.apply(endpoint)

        def apply() -> None:
            with_terraform.run(run_package)
            with_terraform.apply(endpoint)

        taken = interleaved(
            {
                "dev": lambda: _edit(with_dev, dev.endpoint, dev.wait_until_live),
                "terraform": lambda: _edit(with_terraform, endpoint, apply),
            },
            rounds,
            WARM_UPS,
        )
    labels = {"dev": "**`make dev`**", "terraform": "`make package`, `terraform apply`"}
    return {f"edit.{key}": Series(labels[key], "ms", values) for key, values in taken.items()}


def _edit(checkout: Checkout, endpoint: str, deploy: Callable[[], None]) -> float:
    """Change the function's answer, deploy it, and call it; returns milliseconds."""
    path = checkout.folder / "function" / "dispatch.py"
    old = path.read_text()
    eta = ETA.search(old)
    if not eta:
        raise MeasurementError(f"{path} has no ETA_WITHOUT_HOME to edit; see edit_loop.py")
    seconds = int(eta[2]) + 1
    functions = local_client("lambda", endpoint)
    begun = time.perf_counter()
    path.write_text(ETA.sub(rf"\g<1>{seconds}\g<3>", old))
    deploy()
    answer = functions.invoke(FunctionName=FUNCTION, Payload=TUTORIAL_EVENT.read_bytes())
    payload = json.loads(answer["Payload"].read())
    took = time.perf_counter() - begun
    if json.loads(payload["body"])["Eta"] != f"{seconds} seconds":
        raise MeasurementError(f"the old code answered after the edit was deployed: {payload}")
    return took * 1000


class _Dev:
    """A running scripts/dev.py, and what it prints."""

    def __init__(self, process: "subprocess.Popen[str]", output: Path) -> None:
        self._process = process
        self._output = output
        self._read = 0
        self.endpoint = self._wait_for(r"export AWS_ENDPOINT_URL=(\S+)")[1]
        self.wait_until_live()

    def wait_until_live(self) -> None:
        """Wait until it says that the next edit is live."""
        self._wait_for("is live after")

    def _wait_for(self, pattern: str) -> "re.Match[str]":
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and self._process.poll() is None:
            match = re.compile(pattern).search(self._output.read_text(), self._read)
            if match:
                self._read = match.end()
                return match
            time.sleep(0.001)
        output = self._output.read_text()[-1000:]
        raise MeasurementError(f"scripts/dev.py did not print {pattern!r}:\n{output}")


@contextmanager
def _dev_session(checkout: Checkout) -> Iterator[_Dev]:
    output = checkout.folder / "dev-output"
    with output.open("w") as printed:
        process = subprocess.Popen(
            [*die_with_parent("TERM"), *checkout.script("dev.py", "--port", "0")],
            cwd=checkout.folder,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        yield _Dev(process, output)
    finally:
        end(process)
