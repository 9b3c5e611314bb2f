"""The comparisons that `make bench` makes, each from its contenders to its part of the report."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import (
    apply_times,
    build_times,
    cold_start,
    edit_loop,
    first_ride,
    profile_start,
    warm,
)
from benchmarks.checkout import copy_checkout
from benchmarks.cold_start import Contender
from benchmarks.cpu_share import PERIOD_US
from benchmarks.first_ride import FirstRides
from benchmarks.peers import FOLDER
from benchmarks.results import Section, Table
from benchmarks.sandbox import Sandbox, unpack_ours, unpack_peers
from benchmarks.stand_in import make_tables
from local_aws.client import local_aws
from scripts.terminal.progress import step


@dataclass(frozen=True)
class Effort:
    """How often each thing is measured; `rides` is how many rides make one measurement of rides per second."""

    cold_starts: int
    first_rides: int
    phases: int
    handler_calls: int
    invokes: int
    loads: int
    rides: int
    packages: int
    edits: int
    applies: int
    pickups: int


FULL = Effort(
    cold_starts=20,
    first_rides=6,
    phases=10,
    handler_calls=5000,
    invokes=150,
    loads=5,
    rides=100,
    packages=7,
    edits=3,
    applies=3,
    pickups=30,
)
QUICK = Effort(
    cold_starts=12,
    first_rides=3,
    phases=2,
    handler_calls=2000,
    invokes=60,
    loads=2,
    rides=80,
    packages=3,
    edits=2,
    applies=1,
    pickups=5,
)


def cold_starts(folder: Path, effort: Effort) -> Section:
    """Compare cold starts, and break ours down by phase."""
    with local_aws() as endpoint:
        sandbox = Sandbox.of(endpoint)
        contenders = _contenders(folder, sandbox)
        ours = folder / "ours"
        make_tables(endpoint)
        with step(f"{effort.cold_starts} cold starts of each of {len(contenders)} functions"):
            starts = cold_start.measure(sandbox, contenders, effort.cold_starts)
        with step("Profile our cold start"):
            phases = profile_start.phases(sandbox, ours, effort.phases)
            families = profile_start.imports(sandbox, ours)
        with step("Handler time without the table"):
            handler = profile_start.handler_time(sandbox, ours, effort.handler_calls)
    shares = ", ".join(f"{name} {share:.0%}" for name, share in families)
    return Section(
        "Cold start",
        "From the start of AWS's Runtime Interface Emulator, with AWS's runtime client on Python "
        f"{sandbox.toolchain.interpreter.version}, to the first answer. All receive the tutorial's event; "
        "all but the empty handler write one item over plain HTTP to the same substitute for DynamoDB, our "
        "local AWS in a process of its own; all have the same SDK, in the substitute for `/var/runtime`, and "
        "compiled bytecode. The Powertools handler does validation, idempotency and logging with "
        "Powertools; the event has no idempotency key, so it also writes only once.",
        (
            Table("Start of the emulator to first answer", starts, "cold.ours"),
            Table("Where ours spends its time, without the emulator", phases),
            Table("Handler time without the call of DynamoDB, including the log line", handler),
        ),
        (
            f"Imports by top-level module, as shares of the time that `-X importtime` reports: "
            f"{shares}. The module `sdk` is ours, and makes the client.",
        ),
    )


def first_rides(folder: Path, effort: Effort) -> Section:
    """Compare the first ride over TLS, with a whole processor and with the share that comes with the memory."""
    with local_aws() as endpoint:
        sandbox = Sandbox.of(endpoint)
        contenders = _contenders(folder, sandbox)
        make_tables(endpoint)
        with step(f"{effort.first_rides} first rides over TLS of each, by memory"):
            rides = first_ride.measure(sandbox, contenders, folder, effort.first_rides)
    memories = dict.fromkeys(int(name.partition("/")[0]) for name in rides.whole)
    return Section(
        "First ride over TLS",
        "A cold start as in Lambda: DynamoDB is reached over TLS, with the SDK's own CA file and one "
        "more authority; init has a whole processor, and the first request has the share that Lambda "
        "gives for the function's memory (1,769 MB: all of one), by a quota with periods of "
        f"{PERIOD_US // 1000} ms. Python {sandbox.toolchain.interpreter.version}. When the runtime has "
        "received the first request, it stops itself, is put under the quota and continues. Init is "
        "measured in processor time, so that other work of this machine does not count; the first "
        "request is measured by the clock. The tables have the sum of both.",
        tuple(
            Table(
                f"Init and first request, {_share(memory)}",
                {f"tls.{memory}.{key}": rides.whole[f"{memory}/{key}"] for key in contenders},
                f"tls.{memory}.ours",
            )
            for memory in memories
        ),
        (
            *(_apart(rides, memory, list(contenders)) for memory in memories),
            *([f"No quotas here: {rides.why_no_quota}"] if rides.why_no_quota else []),
        ),
    )


def _contenders(folder: Path, sandbox: Sandbox) -> dict[str, Contender]:
    ours, peers, powertools = folder / "ours", folder / "peers", folder / "powertools"
    python = sandbox.toolchain.python
    unpack_ours(ours, python)
    unpack_peers(peers, python)
    unpack_peers(powertools, python, FOLDER / "powertools")
    return cold_start.contenders(ours, peers, powertools)


def _share(memory_mb: int) -> str:
    return f"{memory_mb:,} MB" if memory_mb else "a whole processor for both"


def _apart(rides: FirstRides, memory: int, contenders: list[str]) -> str:
    parts = "; ".join(
        f"{rides.whole[name].label} {rides.init[name].median:.0f} + {rides.first[name].median:.0f}"
        for name in (f"{memory}/{key}" for key in contenders)
    )
    return f"Init + first request in ms, medians, {_share(memory)}: {parts}."


def warm_requests(folder: Path, effort: Effort) -> Section:
    """Compare warm requests with MiniStack's, and audit the rides."""
    with warm.deployed(folder, FOLDER / "ministack") as sides:
        with step(f"{effort.invokes} rides on each side, one by one"):
            invokes = warm.one_by_one(sides, effort.invokes)
        rates = warm.at_once(sides, effort.loads, effort.rides)
        with step("Audit"):
            findings = {side.label: warm.audit(side) for side in sides.values()}
    tables = [Table("A whole `Invoke` with boto3 that writes a ride", invokes, "invoke.ours")]
    tables += [
        Table(
            f"Rides per second, {clients} client{'s' if clients > 1 else ''}",
            {key: series for key, series in rates.items() if key.startswith(f"rate.{clients}.")},
            f"rate.{clients}.ours",
        )
        for clients in warm.CLIENTS
    ]
    return Section(
        "Warm requests",
        "The same Terraform applied the same zip to our local AWS and to MiniStack "
        "(`LAMBDA_EXECUTOR=local`). Both run for the whole section and take turns, on processors that "
        "client, server and function share; the clock of rides per second runs from the first request to "
        "the last answer, once every client is made. Ours runs the function under AWS's emulator and runtime "
        "client, and enforces its role; MiniStack runs it under a loader of its own, with the "
        "botocore that it ships, and by default checks no permission.",
        tuple(tables),
        tuple(_verdict(label, differences) for label, differences in findings.items()),
    )


def packages(folder: Path, effort: Effort) -> Section:
    """Compare the packaging of our function."""
    packagers = build_times.packagers(folder, FOLDER)
    with step(f"Package {effort.packages} times with each of {len(packagers)}"):
        taken = build_times.measure(packagers, effort.packages)
    sizes = ", ".join(f"{one.label} {one.size:,} bytes" for one in packagers.values())
    return Section(
        "Packaging",
        "The whole process, from an empty build folder to the result: for ours and Chalice a zip, for "
        "SAM a folder, which `sam package` would still have to zip. Chalice needs an `app.py` around "
        "the function and adds its own runtime.",
        (Table("Start of the command to its result", taken, "package.ours"),),
        (f"Results: {sizes}. Ours is not compressed.",),
    )


def edit_to_answer(folder: Path, effort: Effort) -> Section:
    """Compare the edit loop with `terraform apply`."""
    copies = copy_checkout(folder / "dev"), copy_checkout(folder / "terraform")
    with step(f"{effort.edits} edits with `make dev`, as many with `terraform apply`"):
        taken = edit_loop.measure(*copies, effort.edits)
    return Section(
        "Edit to answer",
        "A file of the function is saved with another `Eta`; the clock stops when an `Invoke` answers "
        "with it, cold start included. Each has its own copy of the checkout and its own local AWS.",
        (Table("Save to answer", taken, "edit.dev"),),
    )


def deployments(folder: Path, effort: Effort) -> Section:
    """Compare `make ride` with bare Terraform."""
    with step(f"{effort.applies} times `make ride`, as often `terraform init` and `apply`"):
        taken = apply_times.measure(copy_checkout(folder / "checkout"), effort.applies)
    whole = {key: series for key, series in taken.items() if key.startswith("apply.")}
    steps = {key: series for key, series in taken.items() if key.startswith("step.")}
    rest = whole["apply.ride"].median - sum(series.median for series in steps.values())
    return Section(
        "Deployment",
        "All of `make ride`, with its packages installed, compared with `terraform init` and `terraform "
        "apply` of the same stack, without a state, to a local AWS that is running already.",
        (
            Table("Command to prompt", whole, "apply.ride"),
            Table("Where `make ride` spends its time, by step", steps),
        ),
        (f"Outside any step: {rest:.1f} s for `make`, imports, and starting and stopping Python.",),
    )


@dataclass(frozen=True)
class Comparison:
    """How a section is measured, in a folder of its own, and the peers that must be installed for it."""

    measure: Callable[[Path, Effort], Section]
    peers: tuple[str, ...] = ()


SECTIONS = {
    "cold-start": Comparison(cold_starts, ("powertools",)),
    "first-ride": Comparison(first_rides, ("powertools",)),
    "warm": Comparison(warm_requests, ("ministack",)),
    "package": Comparison(packages, ("sam", "chalice")),
    "edit": Comparison(edit_to_answer),
    "deploy": Comparison(deployments),
}


def _verdict(label: str, differences: list[str]) -> str:
    sentences = differences or ["every 201 is one item, and every item one 201."]
    return f"Audit of {label}: " + "; ".join(sentences)
