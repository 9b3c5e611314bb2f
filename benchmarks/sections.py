"""The comparisons that `make bench` makes, each from its contenders to its part of the report."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import apply_times, build_times, cold_start, edit_loop, profile_start, warm
from benchmarks.checkout import copy_checkout
from benchmarks.peers import FOLDER
from benchmarks.results import Section, Table
from benchmarks.sandbox import Sandbox, unpack_ours, unpack_peers
from benchmarks.stand_in import make_tables
from local_aws.client import local_aws
from scripts.terminal.progress import step


@dataclass(frozen=True)
class Effort:
    """How often each thing is measured; `rides` is how many one measurement of rides per second takes."""

    cold_starts: int
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
    phases=10,
    handler_calls=5000,
    invokes=150,
    loads=3,
    rides=100,
    packages=7,
    edits=3,
    applies=3,
    pickups=30,
)
QUICK = Effort(
    cold_starts=12,
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
    ours, peers, powertools = folder / "ours", folder / "peers", folder / "powertools"
    unpack_ours(ours)
    unpack_peers(peers)
    unpack_peers(powertools, FOLDER / "powertools")
    contenders = cold_start.contenders(ours, peers, powertools)
    with local_aws() as endpoint:
        sandbox = Sandbox.of(endpoint)
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
        "From the start of AWS's Runtime Interface Emulator, with AWS's runtime client, to the first "
        "answer. All get the tutorial's event; all but the floor write one item to the same DynamoDB "
        "stand-in (our local AWS, a process of its own); all have the same SDK, in the stand-in for "
        "`/var/runtime`, and compiled bytecode. The Powertools handler does validation, idempotency "
        "and logging with Powertools; the event has no idempotency key, so it also writes once.",
        (
            Table("Start of the emulator to first answer", starts, "cold.ours"),
            Table("Where ours spends its time: the same without the emulator", phases),
            Table(
                "Handler time with the SDK's call answered on the spot, log line included", handler
            ),
        ),
        (
            f"Imports by family of modules, as shares of the time that `-X importtime` reports: "
            f"{shares}. The module `sdk` is ours, and makes the client.",
        ),
    )


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
        "client, server and function share. Ours runs the function under AWS's emulator and runtime "
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
        "The whole process, from nothing made to what is delivered: for ours and Chalice a zip, for "
        "SAM a folder, which `sam package` would yet have to zip. Chalice needs an `app.py` around "
        "the function and adds its own runtime.",
        (Table("Command to result", taken, "package.ours"),),
        (f"Delivered: {sizes}. Ours is stored, not compressed.",),
    )


def edit_to_answer(folder: Path, effort: Effort) -> Section:
    """Compare the edit loop with `terraform apply`."""
    copies = copy_checkout(folder / "dev"), copy_checkout(folder / "terraform")
    with step(f"{effort.edits} edits with `make dev`, as many with `terraform apply`"):
        taken = edit_loop.measure(*copies, effort.edits)
    return Section(
        "Edit to answer",
        "A file of the function is saved with another `Eta`; the clock stops when an `Invoke` answers "
        "with it, cold start included. Each has a copy of the checkout and a local AWS of its own.",
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
        "The whole of `make ride`, dependencies installed, against `terraform init` and `terraform "
        "apply` of the same stack, from no state to a local AWS that runs already.",
        (
            Table("Command to prompt", whole, "apply.ride"),
            Table("Where `make ride` spends its time, by its own steps", steps),
        ),
        (
            f"Outside of any step: {rest:.1f} s for `make`, imports, and starting and ending Python.",
        ),
    )


@dataclass(frozen=True)
class Comparison:
    """A section to be: how it is measured, in a folder of its own, and the peers that must be installed before."""

    measure: Callable[[Path, Effort], Section]
    peers: tuple[str, ...] = ()


SECTIONS = {
    "cold-start": Comparison(cold_starts, ("powertools",)),
    "warm": Comparison(warm_requests, ("ministack",)),
    "package": Comparison(packages, ("sam", "chalice")),
    "edit": Comparison(edit_to_answer),
    "deploy": Comparison(deployments),
}


def _verdict(label: str, differences: list[str]) -> str:
    sentences = differences or ["every 201 is one item, and every item one 201."]
    return f"Audit of {label}: " + "; ".join(sentences)
