"""The targets, as figures of one run: read by the report, the chart and `make bench-check`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from benchmarks.rounds import Series, difference, quotient

Relation = Literal["quotient", "difference", "alone"]


@dataclass(frozen=True)
class Target:
    """A limit for one of our figures, by its key: as it is, or against the best of its rivals.

    `relation` says how it is compared: as the quotient, as the difference, or not at all ("alone"). `gated` targets
    hold with margin, so that missing one means that something got worse.
    """

    name: str
    ours: str
    rivals: tuple[str, ...]
    relation: Relation
    limit: float
    gated: bool
    at_least: bool = False


@dataclass(frozen=True)
class Finding:
    """A target and the measured figure."""

    target: Target
    figure: float
    unit: str

    @property
    def is_met(self) -> bool:
        """Whether the figure is within the limit."""
        if self.target.at_least:
            return self.figure >= self.target.limit
        return self.figure <= self.target.limit

    @property
    def share(self) -> float:
        """The figure as a share of its limit, so that 1 is just met and less is better."""
        limit, figure = self.target.limit, self.figure
        return limit / figure if self.target.at_least else figure / limit


def find(target: Target, measured: Mapping[str, Series]) -> Finding | None:
    """Compare a target with the measurements; returns None if one of them is missing."""
    if not {target.ours, *target.rivals} <= measured.keys():
        return None
    ours = measured[target.ours]
    if target.relation == "alone":
        return Finding(target, ours.median, ours.unit)
    better = max if target.at_least else min
    rival = better((measured[key] for key in target.rivals), key=lambda series: series.median)
    if target.relation == "difference":
        return Finding(target, difference(ours, rival), ours.unit)
    return Finding(target, quotient(ours, rival), "")


TARGETS = (
    Target(
        "Cold start ÷ that of the `boto3.resource` port",
        "cold.ours",
        ("cold.resource",),
        "quotient",
        0.7,
        gated=False,
    ),
    Target(
        "First ride over TLS at 256 MB ÷ that of the `boto3.resource` port",
        "tls.256.ours",
        ("tls.256.resource",),
        "quotient",
        0.55,
        gated=False,
    ),
    Target(
        "First ride over TLS at 128 MB ÷ that of the `boto3.resource` port",
        "tls.128.ours",
        ("tls.128.resource",),
        "quotient",
        0.55,
        gated=True,
    ),
    Target(
        "Cold start ÷ that of the Powertools handler",
        "cold.ours",
        ("cold.powertools",),
        "quotient",
        0.75,
        gated=True,
    ),
    Target(
        "Cold start less that of `botocore.session` alone",
        "cold.ours",
        ("cold.session",),
        "difference",
        10,
        gated=True,
    ),
    Target("Handler time without the table", "handler.ours", (), "alone", 150, gated=True),
    Target(
        "Warm `Invoke` with a ride ÷ MiniStack's",
        "invoke.ours",
        ("invoke.ministack",),
        "quotient",
        0.6,
        gated=True,
    ),
    Target(
        "Rides per second at 4 clients ÷ MiniStack's",
        "rate.4.ours",
        ("rate.4.ministack",),
        "quotient",
        3,
        gated=False,
        at_least=True,
    ),
    Target(
        "Rides per second at 16 clients ÷ MiniStack's",
        "rate.16.ours",
        ("rate.16.ministack",),
        "quotient",
        1,
        gated=True,
        at_least=True,
    ),
    Target(
        "Rides per second at 64 clients ÷ MiniStack's",
        "rate.64.ours",
        ("rate.64.ministack",),
        "quotient",
        1,
        gated=False,
        at_least=True,
    ),
    Target(
        "Packaging ÷ the faster of `sam build` and `chalice package`",
        "package.ours",
        ("package.sam", "package.chalice"),
        "quotient",
        0.2,
        gated=True,
    ),
    Target(
        "Edit to answer ÷ that of `terraform apply`",
        "edit.dev",
        ("edit.terraform",),
        "quotient",
        0.1,
        gated=True,
    ),
    Target(
        "`make ride` ÷ `terraform init` and `apply` alone",
        "apply.ride",
        ("apply.bare",),
        "quotient",
        1.25,
        gated=False,
    ),
)
