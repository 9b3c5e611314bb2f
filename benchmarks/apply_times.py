"""Compares `make ride` with `terraform init` and `terraform apply` of the same stack on a local AWS."""

import re
import sys
import time
from collections import defaultdict

from benchmarks.checkout import Checkout
from benchmarks.rounds import Series, interleaved
from local_aws.client import local_aws

WARM_UPS = 1
# As scripts/terminal/progress.py prints a finished step.
STEP = re.compile(r"^✓ (.+) \((\d+\.\d) s\)$", re.MULTILINE)


def measure(checkout: Checkout, rounds: int) -> dict[str, Series]:
    """Deploy without a state `rounds` times with each; returns seconds, also of each step of `make ride`."""
    steps: defaultdict[str, list[float]] = defaultdict(list)
    applies: list[float] = []

    def ride() -> float:
        checkout.forget()
        begun = time.perf_counter()
        _, steps_shown = checkout.run(["make", "--silent", "ride", f"PYTHON={sys.executable}"])
        took = time.perf_counter() - begun
        for title, seconds in STEP.findall(steps_shown):
            steps[title].append(float(seconds))
        return took

    def bare() -> float:
        checkout.forget()
        with local_aws() as endpoint:
            begun = time.perf_counter()
            checkout.init(endpoint)
            initialised = time.perf_counter()
            checkout.apply(endpoint)
            applied = time.perf_counter()
        applies.append(applied - initialised)
        return applied - begun

    checkout.run(checkout.script("package.py"))
    taken = interleaved({"ride": ride, "bare": bare}, rounds, WARM_UPS)
    totals = {
        "apply.ride": Series("**`make ride`**", "s", taken["ride"]),
        "apply.bare": Series("`terraform init`, `terraform apply`", "s", taken["bare"]),
        "apply.only": Series("`terraform apply` alone", "s", tuple(applies[WARM_UPS:])),
    }
    return totals | {
        f"step.{title}": Series(title, "s", tuple(seconds[WARM_UPS:] or seconds))
        for title, seconds in steps.items()
    }
