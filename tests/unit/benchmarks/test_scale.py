"""docs/scale.md is up to date with the figures it is computed from, and its sums are those of the price pages."""

import pytest

from benchmarks import growth, scale
from benchmarks.growth import Scale
from scripts.monitoring.cost import PRICES

MILLION = Scale(1_000_000, request_ms=4.0)


def test_the_page_is_in_step_with_what_was_measured_and_the_prices() -> None:
    # Given benchmarks/results.md and prices.json
    # When the page is computed, then it is the one in docs/
    computed = scale.report()
    assert scale.REPORT.read_text() == computed, "update it: python -m benchmarks.scale"


def test_a_months_costs_are_those_of_the_price_pages() -> None:
    # Given a million rides a day, which are 30 million a month
    # When they are priced
    costs = MILLION.costs()

    # Then a request of 4 ms on a whole processor is at most 28 in 256 MB, and each part is as by hand
    assert MILLION.billed_ms == 28
    assert costs["Lambda, requests"] == pytest.approx(30 * 0.20)
    assert costs["Lambda, compute"] == pytest.approx(30e6 * 0.028 * 0.25 * 0.0000133334)
    assert costs["DynamoDB, writes on demand"] == pytest.approx(30 * 0.625)
    assert costs["API Gateway, an HTTP API"] == pytest.approx(30.0)


def test_what_is_cheaper_in_quantity_is_priced_by_its_tiers() -> None:
    # Given a billion requests: 300 million at a dollar a million, and the rest at 90 cents
    # When they are priced, then so is their price
    assert growth.tiered("usd_per_http_api_request", 1e9) == pytest.approx(300 + 630)


@pytest.mark.parametrize("name", PRICES["tiers"])
def test_the_first_tier_is_the_price_that_monitor_takes(name: str) -> None:
    # Given the two places that have a price, then they agree
    assert PRICES["tiers"][name][0][1] == PRICES[name]


def test_lambda_counts_a_tenth_of_the_requests_where_they_are_short() -> None:
    # Given a peak of 3,472 requests a second, of 28 ms or of 210
    short, long = Scale(100_000_000, 4.0), Scale(100_000_000, 30.0)

    # When their concurrency is computed, then it is a tenth of them, or the environments at work
    assert short.concurrency == 348
    assert long.concurrency == 723


def test_monitoring_is_priced_by_what_terraform_creates() -> None:
    # Given eight metrics of the log, seven metrics of the function's alarms and three of the front door's, a dashboard
    # When they are priced, then each counts
    assert growth.monitoring() == pytest.approx(8 * 0.30 + (7 + 3) * 0.10 + 3.00)
