"""The nearest unicorn by one Query of a geohash-keyed table is the nearest of all."""

import math
import random

import boto3
import pytest
from boto3.dynamodb.conditions import Key
from moto import mock_aws

from benchmarks.nearest import (
    LEVELS,
    Point,
    Table,
    block_of,
    cell_of,
    cities,
    margin,
    metres,
    read_units,
)

# Where cells end: at the poles, and on the other side of Greenwich.
EDGES = (Point(90, 0), Point(-90, 180), Point(0, 180), Point(0, -180), Point(89.9, -179.9))


def anywhere(random_: random.Random) -> Point:
    return Point(math.degrees(math.asin(random_.uniform(-1, 1))), random_.uniform(-180, 180))


@pytest.mark.parametrize(
    ("point", "geohash"),
    [
        # The example of Wikipedia's article on geohashes, and one of geohash.org.
        (Point(42.605, -5.603), "ezs42"),
        (Point(57.64911, 10.40744), "u4pruydqqvj"),
    ],
)
def test_a_cell_has_its_geohash(point: Point, geohash: str) -> None:
    # Given a place, when its cell is named, then that is its geohash
    assert cell_of(point, len(geohash)) == geohash


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_nearer_than_the_margin_is_in_the_block(level: int) -> None:
    # Given places anywhere, at the poles and at the date line, and others at any distance from them
    random_ = random.Random(level)  # noqa: S311 - the same places at every run
    for start in [*EDGES, *(anywhere(random_) for _ in range(200))]:
        others = [anywhere(random_) for _ in range(50)]
        others += [near(start, random_, level) for _ in range(50)]

        # When one is nearer than the margin, then its cell is in the block
        for other in others:
            if metres(start, other) < margin(start, level):
                assert cell_of(other, level) in block_of(start, level), (start, other)


def near(start: Point, random_: random.Random, level: int) -> Point:
    spread = 180 / 2 ** (5 * level // 2)
    latitude = max(-90.0, min(90.0, start.latitude + random_.gauss(0, spread)))
    longitude = start.longitude + random_.gauss(0, 2 * spread)
    return Point(latitude, (longitude + 180) % 360 - 180)


def test_the_nearest_is_the_nearest_of_all_or_nobody_is_near() -> None:
    # Given a fleet, and pickups in its cities and anywhere
    random_ = random.Random(7)  # noqa: S311 - the same places at every run
    homes = cities(seed=7, count=20, near=20, spread_km=8)
    table = Table(homes, item_bytes=120)
    pickups = [near(home, random_, 4) for home in homes[::4]]
    pickups += [*EDGES, *(anywhere(random_) for _ in range(100))]

    # When each is searched for
    for pickup in pickups:
        search = table.search(pickup)
        distances = [metres(home, pickup) for home in homes]

        # Then it is the nearest, and nobody is near only if nobody is within 600 km
        if search.nearest is None:
            assert min(distances) > 600_000 * math.cos(math.radians(pickup.latitude))
        else:
            assert distances[search.nearest] == min(distances)


def test_one_query_of_dynamodb_reads_the_block() -> None:
    # Given the table of a small fleet as DynamoDB would hold it
    homes = cities(seed=3, count=2, near=10, spread_km=8)
    table = Table(homes, item_bytes=120)
    with mock_aws():
        dynamodb = boto3.resource("dynamodb", region_name="us-east-1")
        stored = dynamodb.create_table(
            TableName="Homes",
            KeySchema=[
                {"AttributeName": "Cell", "KeyType": "HASH"},
                {"AttributeName": "Name", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "Cell", "AttributeType": "S"},
                {"AttributeName": "Name", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        with stored.batch_writer() as writer:
            for cell, members in table.cells.items():
                for member in members:
                    writer.put_item(Item={"Cell": cell, "Name": str(member)})

        # When the cell of each home is asked for
        for home in homes:
            cell = cell_of(home, LEVELS[0])
            answer = stored.query(KeyConditionExpression=Key("Cell").eq(cell))

            # Then the answer is the homes of the nine cells around it
            names = {int(str(item["Name"])) for item in answer["Items"]}
            block = block_of(home, LEVELS[0])
            expected = {
                index for index, one in enumerate(homes) if cell_of(one, LEVELS[0]) in block
            }
            assert names == expected


def test_a_query_costs_half_a_unit_for_each_4_kb() -> None:
    # Given Queries that read nothing, up to 4 KB and a little more, when they are priced, then they are rounded up
    assert [read_units(items, 1024) for items in (0, 1, 4, 5)] == [0.5, 0.5, 0.5, 1.0]
