"""Each package can be run, called, watched and changed by its name; a third is a folder and a module block."""

import json
import os
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from tests.integration.test_dev import Session, Start, checkout, edit, start
from tests.integration.test_ride import DEVELOPERS_ENVIRONMENT

__all__ = ["checkout", "start"]

GREETER = """\
def handler(event, context):
    return {"statusCode": 200, "body": "hello"}
"""
MODULE = """\
module "greeter" {
  source = "./modules/lambda_function"

  function_name = "Greeter"
  handler       = "greeter.handler"
  package_path  = "build/greeter.zip"
}
"""


def verb(checkout: Path, *words: str) -> str:
    """Run a verb in the checkout, as in another shell; returns what it printed."""
    done = subprocess.run(
        [".venv/bin/python", *words],
        cwd=checkout,
        env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def monitored(session: Session, package: str) -> dict[str, Any]:
    shown = verb(session.checkout, "scripts/monitor.py", "--json", "--package", package)
    seen: dict[str, Any] = json.loads(shown)
    return seen


def test_a_third_package_is_a_folder_and_a_module_block(checkout: Path, start: Start) -> None:
    # Given a checkout with one more folder and one more module block
    (checkout / "greeter").mkdir()
    (checkout / "greeter" / "greeter.py").write_text(GREETER)
    (checkout / "greeter.tf").write_text(MODULE)

    # When it is run, then it can be called
    session = start("--package", "greeter", "--port", "0")
    session.wait_until_live()
    called = verb(checkout, "scripts/invoke.py", "--package", "greeter")
    assert called.startswith("Greeter answered 200")
    assert '"hello"' in called

    # And changed
    edit(checkout / "greeter" / "greeter.py", "hello", "good morning")
    session.wait_for(r"^✓ greeter\.py: \S{8} is live after \d+ ms$")
    assert '"good morning"' in verb(checkout, "scripts/invoke.py", "--package", "greeter")

    # And watched: its graphs, its log and its cost
    seen = monitored(session, "greeter")
    assert (seen["function"], seen["problems"]) == ("Greeter", [])
    counted = {graph["title"]: graph["series"][0]["points"] for graph in seen["graphs"]}
    assert sum(value for _, value in counted["Invocations"]) == 2
    assert any("platform.report" in line["message"] for line in seen["log"])
    assert seen["cost"]["per_million_requests"] > 0.2
    assert seen["cost"]["usage"]["door_requests"] == 0

    # And packaged with the others
    session.end()
    assert "greeter.zip" in verb(checkout, "scripts/package.py")

    # And taken for a ride
    ride = verb(checkout, "scripts/ride.py", "--package", "greeter")
    assert ride.startswith("Greeter answered 200")
    assert "Same zip on disk, in Terraform's state, in Lambda and as run" in ride
    assert "Invocations sum 1" in ride


def test_the_page_is_live_as_soon_as_it_is_saved(checkout: Path, start: Start) -> None:
    # Given the page, run for whoever changes it
    session = start("--package", "page", "--port", "0", **DEVELOPERS_ENVIRONMENT)
    url = session.wait_for(r"^The front door is open: (\S+)$")[1]
    session.wait_until_live()

    # When a file of its folder is saved
    edit(checkout / "page" / "static" / "page.html", "<title>Wild Rydes", "<title>Wilder Rydes")
    session.wait_for(r"^✓ static/page\.html: \S{8} is live after \d+ ms$")

    # Then a reload shows it
    with urllib.request.urlopen(url) as page:  # noqa: S310 - loopback
        assert "<title>Wilder Rydes</title>" in page.read().decode()

    # And so does a call of its function
    called = verb(checkout, "scripts/invoke.py", "--package", "page")
    assert called.startswith("RequestUnicornPage answered 200")
    assert "<title>Wilder Rydes</title>" in called
    assert "more characters" in called

    # And the dashboard has its loads, with the alarm that is named after it, and their price
    page_seen, seen = monitored(session, "page"), monitored(session, "function")
    assert [alarm["name"] for alarm in page_seen["alarms"]] == ["RequestUnicornPage-errors"]
    assert page_seen["cost"] == seen["other_costs"]["RequestUnicornPage"]
    assert page_seen["cost"]["usage"]["requests"] == 2
    assert "RequestUnicornPage-errors" in [alarm["name"] for alarm in seen["alarms"]]
