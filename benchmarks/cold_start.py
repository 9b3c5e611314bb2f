"""Measures cold starts of our function and its peers: from the start of AWS's emulator to its first answer."""

import json
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.rounds import MeasurementError, Series, interleaved
from benchmarks.sandbox import Sandbox
from benchmarks.stand_in import count_rides
from local_aws.functions.environment import ExecutionEnvironment
from local_aws.functions.machine import Machine, Start, UnpackedFunction
from local_aws.processes.tree import Keepers
from scripts.project.paths import TUTORIAL_EVENT

WARM_UPS = 1


@dataclass(frozen=True)
class Contender:
    """A function: its name for people, its handler, where it is unpacked, and how many rides a request records."""

    label: str
    handler: str
    task_root: Path
    rides: int = 1


def contenders(ours: Path, peers: Path, powertools: Path) -> dict[str, Contender]:
    """Return what is measured, by key; the arguments are the folders they are unpacked in."""
    return {
        "empty": Contender("empty handler (the floor)", "empty.handler", peers, rides=0),
        "ours": Contender("**ours**", "request_unicorn.handler", ours),
        "session": Contender("`botocore.session` alone", "botocore_session.handler", peers),
        "client": Contender("`boto3.client`", "boto3_client.handler", peers),
        "resource": Contender(
            "`boto3.resource`: the idiomatic port", "boto3_resource.handler", peers
        ),
        "powertools": Contender("Powertools", "powertools.handler", powertools),
    }


def measure(sandbox: Sandbox, functions: dict[str, Contender], rounds: int) -> dict[str, Series]:
    """Start each function `rounds` times, side by side; milliseconds.

    Raises MeasurementError if a function fails, or if the table does not hold a ride for each answer.
    """
    with closing(Keepers()) as keepers:
        taken = interleaved(
            {key: partial(_once, sandbox, keepers, one) for key, one in functions.items()},
            rounds,
            WARM_UPS,
        )
    expected = (WARM_UPS + rounds) * sum(one.rides for one in functions.values())
    if (recorded := count_rides(sandbox.endpoint)) != expected:
        raise MeasurementError(f"{recorded} rides are in the table, not {expected}")
    return {
        f"cold.{key}": Series(functions[key].label, "ms", values) for key, values in taken.items()
    }


def _once(sandbox: Sandbox, keepers: Keepers, contender: Contender) -> float:
    begun = time.perf_counter()
    with environment(sandbox, keepers.start, contender) as started:
        answer_with_a_ride(started, contender)
        return (time.perf_counter() - begun) * 1000


@contextmanager
def environment(
    sandbox: Sandbox, start: Start, contender: Contender, layer: Path | None = None
) -> Iterator[ExecutionEnvironment]:
    """Start a function's execution environment for a `with` block, with a folder as its layer if one is given."""
    function = sandbox.function(contender.handler)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        opt = home / "opt"
        if layer:
            shutil.copytree(layer, opt)
        else:
            opt.mkdir()
        machine = Machine(sandbox.toolchain, sandbox.namespaces, start, threading.Semaphore())
        variables = sandbox.variables(
            contender.handler, machine.layout(contender.task_root, opt), with_ca=bool(layer)
        )
        unpacked = UnpackedFunction(
            function,
            home,
            contender.task_root,
            opt,
            function.code_sha256,
            "stream",
            variables,
        )
        with closing(ExecutionEnvironment(machine, unpacked)) as started:
            yield started


def answer_with_a_ride(started: ExecutionEnvironment, contender: Contender) -> None:
    """Send the tutorial's event. Raises MeasurementError if the answer is not a ride."""
    reply = started.invoke(
        str(uuid.uuid4()), TUTORIAL_EVENT.read_bytes(), started.function.invoked_arn
    )
    if reply.status != "success" or json.loads(reply.payload).get("statusCode") != 201:
        output = "\n".join([reply.payload.decode(), *(event.message for event in reply.events)])
        raise MeasurementError(f"{contender.handler} gave no ride:\n{output}")
