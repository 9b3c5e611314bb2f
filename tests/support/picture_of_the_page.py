"""Takes docs/page.png, the picture in the README, of the page that `make play` has open in another shell.

.venv/bin/python -m tests.support.picture_of_the_page
"""

import sys
import uuid
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from scripts.project.paths import ROOT
from scripts.session import last_apply
from tests.integration.deployed import Client, clients_of
from tests.support.chromium import CHROMIUM, QUIET

PASSWORD = "a unicorn is here"
# Some seconds of flight, so that the unicorn is on its way.
FLIGHT_MS = 12_000


def main(path: Path) -> None:
    """Ride as a new rider in Yellowstone, and take the picture."""
    applied = last_apply.follow()
    if not applied or not applied.endpoint or not CHROMIUM:
        sys.exit("It needs `make play` in another shell, and a Chromium or Chrome on PATH.")
    client = clients_of(applied.endpoint)
    rider = new_rider(client)
    (api,) = client("apigatewayv2").get_apis()["Items"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_page(viewport={"width": 1000, "height": 850}, color_scheme="light")
        page.goto(api["ApiEndpoint"])
        ride(page, rider)
        page.wait_for_timeout(FLIGHT_MS)
        page.screenshot(path=path)
        browser.close()


def new_rider(client: Client) -> str:
    """Sign up and confirm; returns the name."""
    cognito, name = client("cognito-idp"), f"zoe-{uuid.uuid4().hex[:4]}"
    (pool,) = cognito.list_user_pools(MaxResults=2)["UserPools"]
    (app,) = cognito.list_user_pool_clients(UserPoolId=pool["Id"])["UserPoolClients"]
    cognito.sign_up(ClientId=app["ClientId"], Username=name, Password=PASSWORD)
    cognito.admin_confirm_sign_up(UserPoolId=pool["Id"], Username=name)
    return name


def ride(page: Page, rider: str) -> None:
    """Sign in and ask for a unicorn."""
    page.get_by_label("User name").locator("visible=true").fill(rider)
    page.get_by_label("Password").locator("visible=true").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").locator("visible=true").first.click()
    page.get_by_label("Latitude").fill("44.6")
    page.get_by_label("Longitude").fill("-110.5")
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.get_by_role("heading", name="Sequoia is on the way")).to_be_visible()


if __name__ == "__main__":
    main(ROOT / "docs" / "page.png")
