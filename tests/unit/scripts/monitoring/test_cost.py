"""The cost of a usage, against sums done by hand."""

import pytest

from scripts.monitoring.cost import PRICES, Usage, cost_of

# A million requests of 100 ms in 256 MB are 25,000 GB-seconds; they log 1 KB and write 1 unit each.
MILLION = Usage(
    requests=1_000_000,
    billed_ms=100 * 1_000_000,
    memory_mb=256,
    architecture="arm64",
    write_units=1_000_000,
    log_bytes=1024 * 1_000_000,
    rides=1_000_000,
)


def test_a_million_rides_cost_what_the_price_pages_say() -> None:
    # Given a million rides on arm64, in us-east-1

    # When they are priced
    cost = cost_of(MILLION)

    # Then each part is what a person with the price pages gets
    assert cost.requests == pytest.approx(0.20)
    assert cost.compute == pytest.approx(25_000 * 0.0000133334)  # $0.33
    assert cost.writes == pytest.approx(0.625)
    assert cost.logs == pytest.approx(1_000_000 / 1024 / 1024 * 0.50)  # 0.95 GB, $0.48
    assert cost.total == pytest.approx(0.20 + 0.333335 + 0.625 + 0.476837158203125)
    assert cost.per_million_rides == pytest.approx(cost.total)


def test_a_request_at_the_front_door_costs_what_an_http_api_asks() -> None:
    # Given the same rides, each asked for at the front door
    usage = Usage(**{**vars(MILLION), "door_requests": 1_000_000})

    # When they are priced
    cost = cost_of(usage)

    # Then a million requests add the dollar of the price page
    assert cost.door == pytest.approx(1.00)
    assert cost.total == pytest.approx(cost_of(MILLION).total + 1.00)


# Two examples of "AWS Lambda pricing" in US East (N. Virginia), less the requests that are free: a mobile backend of 3
# million requests of 120 ms in 1536 MB, and a million insurance claims of 32 s in 1 GB.
BACKEND = Usage(2_000_000, 3_000_000 * 120, 1536, "x86_64", 0, None, 0)
CLAIMS = Usage(1_000_000, 1_000_000 * 32_000, 1024, "arm64", 0, None, 0)
FREE_GB_SECONDS = 400_000


@pytest.mark.parametrize(
    ("usage", "gb_seconds", "compute", "requests"),
    [(BACKEND, 540_000, 2.33, 0.40), (CLAIMS, 32_000_000, 421.34, 0.20)],
    ids=["backend", "claims"],
)
def test_lambdas_part_is_that_of_the_examples_on_its_pricing_page(
    usage: Usage, gb_seconds: int, compute: float, requests: float
) -> None:
    # Given an example of that page
    # When it is priced
    cost = cost_of(usage)

    # Then it comes to the page's dollars and cents, once the free compute is taken off
    assert usage.gb_seconds == pytest.approx(gb_seconds)
    assert round(cost.compute * (1 - FREE_GB_SECONDS / gb_seconds), 2) == compute
    assert round(cost.requests, 2) == requests


def test_x86_computes_for_a_quarter_more() -> None:
    # Given the same rides on the other architecture
    usage = Usage(**{**vars(MILLION), "architecture": "x86_64"})

    # When they are priced

    # Then compute has that architecture's price
    assert cost_of(usage).compute == pytest.approx(25_000 * 0.0000166667)


def test_rides_pay_for_the_requests_that_became_none() -> None:
    # Given requests of which only one in four was a ride
    usage = Usage(**{**vars(MILLION), "rides": 250_000})

    # When they are priced
    cost = cost_of(usage)

    # Then a ride costs four requests
    assert cost.per_million_rides == pytest.approx(4 * cost.total)


def test_without_a_ride_there_is_no_price_of_one() -> None:
    # Given a function that was never called
    nothing = Usage(0, 0, 256, "arm64", 0, 0, 0)

    # When it is priced
    cost = cost_of(nothing)

    # Then it costs nothing, and a ride has no price
    assert cost.total == 0
    assert cost.per_million_rides is None


def test_a_function_that_records_no_ride_has_a_price_of_requests() -> None:
    # Given a million page loads of 3 ms, each of them a request at the front door
    loads = Usage(
        *(1_000_000, 3 * 1_000_000, 256, "arm64"),
        write_units=0,
        log_bytes=None,
        rides=None,
        door_requests=1_000_000,
    )

    # When they are priced
    cost = cost_of(loads)

    # Then a million of them cost the door's dollar, Lambda's 20 cents, and 750 GB-seconds
    assert cost.per_million_requests == pytest.approx(1.00 + 0.20 + 750 * 0.0000133334)
    assert cost.per_million_rides is None


def test_a_log_that_cannot_be_read_is_left_out_of_the_sum() -> None:
    # Given a usage whose log is not known
    usage = Usage(**{**vars(MILLION), "log_bytes": None})

    # When it is priced
    cost = cost_of(usage)

    # Then the sum is that of the rest
    assert cost.logs is None
    assert cost.total == pytest.approx(cost.requests + cost.compute + cost.writes)


def test_the_price_table_says_when_and_where_it_holds() -> None:
    # Given the table
    # When a reader asks how old it is, and whose prices it has
    # Then it says so
    assert PRICES["as_of"] == "2026-08"
    assert PRICES["region"] == "us-east-1"
    assert any("Lambda" in page for page in PRICES["pages"])
