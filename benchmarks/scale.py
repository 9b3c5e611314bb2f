#!/usr/bin/env python3
"""Computes costs and limits at scale, from results.md and prices.json; writes docs/scale.md."""

import random
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import growth
from benchmarks.growth import Scale, rides_a_day_at
from benchmarks.nearest import LEVELS, Point, Search, Table, cities
from scripts.monitoring.cost import GB, PRICES
from scripts.project.paths import ROOT
from scripts.terminal import command_line

REPORT = ROOT / "docs" / "scale.md"
TEMPLATE = Path(__file__).with_name("scale.md.in")
MILLION, BILLION = 1_000_000, 1_000_000_000
# Default quotas of a region ("Quotas" in the guides of Lambda, API Gateway and DynamoDB); rates are by the second.
DOOR_RATE, CONCURRENCY, CONCURRENCY_IN_10_S = 10_000, 1000, 1000
NEW_TABLE, PARTITION, TABLE, RATE_LIMIT = 4000, 1000, 40_000, 50
# The fleet: the number of cities, of homes in each, and the standard deviation of their distance.
CITIES, HOMES, SPREAD_KM = 200, 500, 8
# A home's two keys, colour, gender and coordinates, with their names; and DynamoDB's own 100 where it is stored.
HOME_BYTES, INDEX_BYTES = 120, 100
PICKUPS = 500


@command_line.verb("scale")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = command_line.parser(__doc__, "example: .venv/bin/python -m benchmarks.scale")
    parser.parse_args(arguments)
    REPORT.write_text(report(), encoding="utf-8")
    print(f"Wrote {REPORT.relative_to(ROOT)}.", file=sys.stderr)
    return 0


def report() -> str:
    """Return docs/scale.md."""
    request_ms = growth.request_ms()
    small, large = Scale(MILLION, request_ms), Scale(BILLION, request_ms)
    figures = {**_assumed(small), **_cost_figures(small, large), **_search_figures()}
    figures["limits"] = _limits(small, large)
    figures["with_query"] = f"{2 * request_ms:.1f}"
    return TEMPLATE.read_text(encoding="utf-8").format_map(figures)


def _assumed(scale: Scale) -> dict[str, str]:
    return {
        "as_of": PRICES["as_of"],
        "region": PRICES["region"],
        "peak": str(growth.PEAK),
        "memory": str(growth.MEMORY_MB),
        "architecture": growth.ARCHITECTURE,
        "request_ms": f"{scale.request_ms:.2f}",
        "share": f"{growth.MEMORY_MB / growth.WHOLE_PROCESSOR_MB:.1%}",
        "billed_ms": str(scale.billed_ms),
        "door_default": _count(rides_a_day_at(RATE_LIMIT)),
        "table_start": _count(rides_a_day_at(NEW_TABLE)),
        "ten_thousand": _count(rides_a_day_at(DOOR_RATE)),
    }


def _cost_figures(small: Scale, large: Scale) -> dict[str, str]:
    costs = large.costs()
    own_bytes = growth.LOG_BYTES - growth.FUNCTIONS_LINE
    year = large.stored_gb * 12 * PRICES["usd_per_dynamodb_gb_month"]
    return {
        "costs": _costs(small.costs(), costs, small.rides, large.rides),
        "logs_small": _dollars(small.costs()["CloudWatch, logs ingested"]),
        "total": _dollars(sum(costs.values())),
        "door": _dollars(costs["API Gateway, an HTTP API"]),
        "writes": _dollars(costs["DynamoDB, writes on demand"]),
        "utilisation": f"{growth.UTILISATION:.0%}",
        "provisioned": _dollars(large.provisioned_writes),
        "logs": _dollars(costs["CloudWatch, logs ingested"]),
        "own_lines": f"{own_bytes / growth.LOG_BYTES:.0%}",
        "month_gb": f"{large.stored_gb:,.0f}",
        "year_storage": _dollars(year),
        "day_gb": f"{large.rides_a_day * growth.LOG_BYTES / GB:,.0f}",
    }


def _costs(
    small: Mapping[str, float], large: Mapping[str, float], rides: int, many_rides: int
) -> str:
    totals = sum(small.values()), sum(large.values())
    rows = [
        *((name, _dollars(small[name]), _dollars(large[name])) for name in small),
        ("**total**", *(f"**{_dollars(total)}**" for total in totals)),
        ("per million rides", *map(_dollars, _by_million(totals, (rides, many_rides)))),
    ]
    return _table(("US dollars in 30 days", "a million a day", "a billion a day"), rows)


def _by_million(totals: Sequence[float], rides: Sequence[int]) -> list[float]:
    return [total / count * MILLION for total, count in zip(totals, rides, strict=True)]


def _limits(small: Scale, large: Scale) -> str:
    """Return the table of quotas: what the two peaks need of each, and at how many rides a day it is reached."""
    at_work = min(10 * CONCURRENCY, CONCURRENCY / small.billed_ms * 1000)
    in_one = [scale.peak / growth.partitions(scale.peak) for scale in (small, large)]
    rows = [
        _limit("API Gateway, requests per second", DOOR_RATE, (small.peak, large.peak), DOOR_RATE),
        _limit(
            "Lambda, concurrency: busy environments, but at least a tenth of the requests per second",
            CONCURRENCY,
            (small.concurrency, large.concurrency),
            at_work,
        ),
        _limit(
            "Lambda, growth of a function's concurrency in 10 s: at a billion, a peak from zero takes "
            f"{large.concurrency / CONCURRENCY_IN_10_S * 10:.0f} s",
            CONCURRENCY_IN_10_S,
            (small.concurrency, large.concurrency),
            at_work,
        ),
        _limit(
            "DynamoDB, writes per second to a new table on demand, whose limit grows with use",
            NEW_TABLE,
            (small.peak, large.peak),
            NEW_TABLE,
        ),
        _limit("DynamoDB, writes per second to a table", TABLE, (small.peak, large.peak), TABLE),
        _limit(
            "DynamoDB, writes per second to a partition: `RideId` is random, so the writes spread evenly. (An index "
            "on `UnicornName` would have three keys, and so a limit of 3,000)",
            PARTITION,
            (in_one[0], in_one[1]),
            None,
        ),
    ]
    heads = ("limit", "default", "peak at a million", "peak at a billion", "reached at rides a day")
    return _table(heads, rows)


def _limit(
    name: str, quota: int, needs: tuple[float, float], met_at: float | None
) -> tuple[str, ...]:
    met = "never" if met_at is None else _count(rides_a_day_at(met_at))
    return (name, _count(quota), *map(_count, needs), met)


def _search_figures() -> dict[str, str]:
    homes = cities(1, CITIES, HOMES, SPREAD_KM)
    table = Table(homes, HOME_BYTES)
    random_ = random.Random(2)  # noqa: S311 - made-up pickups, the same at every run
    near = [
        Point(home.latitude + random_.gauss(0, 0.05), home.longitude)
        for home in random_.sample(homes, PICKUPS)
    ]
    anywhere = [Point(random_.uniform(-60, 60), random_.uniform(-180, 180)) for _ in range(PICKUPS)]
    stored_gb = table.items * (HOME_BYTES + INDEX_BYTES) / GB
    return {
        "homes": f"{len(homes):,}",
        "levels": str(len(LEVELS)),
        "letters": ", ".join(map(str, LEVELS)),
        "pickups": str(PICKUPS),
        "cities": str(CITIES),
        "homes_each": str(HOMES),
        "spread": str(SPREAD_KM),
        "searches": _table(
            (
                *("pickup", "Queries", "items read: median", "99 %"),
                *("read units: median", "99 %", "a million pickups", "none near"),
            ),
            [
                _searched("in one of the cities", [table.search(pickup) for pickup in near]),
                _searched("anywhere", [table.search(pickup) for pickup in anywhere]),
            ],
        ),
        "store": _dollars(table.items * PRICES["usd_per_dynamodb_write_request_unit"]),
        "keep": _dollars(stored_gb * PRICES["usd_per_dynamodb_gb_month"]),
    }


def _searched(where: str, searches: Sequence[Search]) -> tuple[str, ...]:
    items = [one.items for one in searches]
    units = [one.read_units for one in searches]
    price = statistics.mean(units) * PRICES["usd_per_dynamodb_read_request_unit"] * MILLION
    return (
        where,
        f"{statistics.mean(one.queries for one in searches):.2f}",
        _count(statistics.median(items)),
        _count(statistics.quantiles(items, n=100)[-1]),
        f"{statistics.median(units):.1f}",
        f"{statistics.quantiles(units, n=100)[-1]:.1f}",
        _dollars(price),
        f"{sum(one.nearest is None for one in searches) / len(searches):.0%}",
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    aligned = [":--", *("--:" for _ in heads[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, aligned, *rows))


def _dollars(amount: float) -> str:
    return f"${amount:,.2f}" if amount < 1000 else f"${amount:,.0f}"


def _count(number: float) -> str:
    for size, word in ((BILLION, "billion"), (MILLION, "million")):
        if number >= size:
            return f"{number / size:.3g} {word}"
    return f"{number:,.0f}"


if __name__ == "__main__":
    command_line.run(main)
