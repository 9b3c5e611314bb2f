"""The front door, applied to a local AWS of its own: who may use it, what a browser shows, and what stays closed."""

import json
import os
import re
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright
from pycognito import AWSSRP

from local_aws.client import local_aws
from scripts import invoke, monitor
from scripts.deployment_package.packages import build_all
from scripts.deployment_package.runtime import DEFAULT_RUNTIME
from scripts.session import last_apply
from scripts.terraform.local_stack import LocalStack
from tests.integration.deployed import Client, clients_of, everything
from tests.integration.local_runs import entered, local_run_on
from tests.support.chromium import CHROMIUM, QUIET
from tests.support.listening import listening_below

PASSWORD = "a unicorn is here"
SEATTLE = {"PickupLocation": {"Latitude": 47.6174755835663, "Longitude": -122.28837066650185}}
DOOR: dict[str, Any] = {"front_door": True}
Launch = Callable[..., Browser]


@dataclass(frozen=True)
class Door:
    """An open front door."""

    url: str
    messages: Path
    client: Client
    stack: LocalStack
    outputs: dict[str, Any]

    def mailed(self, address: str) -> str:
        """Return the last code that was mailed to an address."""
        codes: list[str] = re.findall(
            rf"mail to {re.escape(address)}: .* (\d{{6}})\n", self.messages.read_text()
        )
        return codes[-1]

    def page_settings(self) -> dict[str, str]:
        """Return the settings in the page: the pool and the client."""
        with urllib.request.urlopen(self.url) as answer:  # noqa: S310 - loopback
            return dict(re.findall(r'data-([a-z-]+)="([^"]*)"', answer.read().decode()))

    def tokens(self, name: str) -> dict[str, Any]:
        """Sign up, confirm and sign in without a browser."""
        settings, cognito = self.page_settings(), self.client("cognito-idp")
        address = f"{name}@example.com"
        cognito.sign_up(
            ClientId=settings["client-id"],
            Username=name,
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": address}],
        )
        cognito.confirm_sign_up(
            ClientId=settings["client-id"], Username=name, ConfirmationCode=self.mailed(address)
        )
        signing_in = AWSSRP(
            name, PASSWORD, settings["pool-id"], settings["client-id"], client=cognito
        )
        tokens: dict[str, Any] = signing_in.authenticate_user()["AuthenticationResult"]
        return tokens

    def ride(self, token: str = "", **headers: str) -> tuple[int, Any, Any]:
        """Ask for a ride; returns status, body and headers of the answer."""
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.url}/ride",
            data=json.dumps(SEATTLE).encode(),
            headers={"content-type": "application/json", "authorization": token, **headers},
        )
        try:
            answer = urllib.request.urlopen(request)  # noqa: S310 - loopback
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            body = answer.read().decode()
            return answer.status, json.loads(body) if body[:1] == "{" else body, answer.headers

    def rides_of(self, name: str) -> list[str]:
        items = self.client("dynamodb").scan(TableName=self.outputs["table_name"])["Items"]
        return [item["RideId"]["S"] for item in items if item["User"]["S"] == name]


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextIO]:
    with (tmp_path_factory.mktemp("mail") / "messages").open("w+") as file:
        yield file


@pytest.fixture(scope="module")
def door(messages: TextIO, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Give the real configuration with the door open, on a local AWS of its own; it is destroyed in the end."""
    build_all(DEFAULT_RUNTIME)
    folder = tmp_path_factory.mktemp("door")
    with (
        local_aws(messages=messages) as endpoint,
        local_run_on(endpoint, folder) as environment,
        entered(environment),
    ):
        stack = LocalStack(folder / "stack")
        stack.init()
        stack.apply(**DOOR)
        outputs, client = stack.outputs(), clients_of(endpoint)
        yield Door(outputs["url"], Path(messages.name), client, stack, outputs)
        stack.destroy(**DOOR)
        left = everything(client)
        assert not any(left.values()), left
        assert not client("apigatewayv2").get_apis()["Items"]
        assert not client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]


@pytest.fixture(scope="module")
def launch() -> Iterator[Launch]:
    """Give what starts a real browser with these arguments; a thread can have no more than one Playwright."""
    if CHROMIUM is None:
        pytest.skip("no Chromium or Chrome on PATH: apt-get install chromium")
    with sync_playwright() as playwright:
        yield lambda *arguments: playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*QUIET, *arguments]
        )


@pytest.fixture
def name() -> str:
    return f"zoe-{uuid.uuid4().hex[:8]}"


def test_a_second_plan_is_empty(door: Door) -> None:
    # Given the configuration as it was applied
    # When it is planned again
    # Then there is nothing to do
    assert door.stack.plan_is_empty(**DOOR)


def test_the_page_is_called_and_watched_by_its_packages_name(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given an open door that was the last apply
    state = door.stack.state()
    with last_apply.remembered(os.environ["AWS_ENDPOINT_URL"], state):
        # When the page's package is called, and it and the whole are watched
        assert invoke.main(["--package", "page"]) == 0
        assert "<title>Wild Rydes</title>" in capsys.readouterr().out
        seen = []
        for package in ("page", "function"):
            assert monitor.main(["--json", "--package", package]) == 0
            seen.append(json.loads(capsys.readouterr().out))
    page, whole = seen

    # Then its function has Lambda's graphs, the alarm that is named after it, and a price
    assert (page["function"], page["problems"]) == ("RequestUnicornPage", [])
    assert [graph["title"] for graph in page["graphs"]][:2] == ["Invocations", "Duration (ms)"]
    assert [alarm["name"] for alarm in page["alarms"]] == ["RequestUnicornPage-errors"]
    assert page["cost"]["per_million_requests"] > 1.2

    # And the whole has the door's graphs and alarms, and the page's price beside the rides'
    titles = {graph["title"] for graph in whole["graphs"]}
    assert {"Front door: requests and errors", "Front door: page"} <= titles
    alarms = {alarm["name"] for alarm in whole["alarms"]}
    assert alarms == set(door.outputs["alarm_names"])
    assert list(whole["other_costs"]) == ["RequestUnicornPage"]


def test_a_rider_rides_and_others_do_not(door: Door, name: str) -> None:
    # Given a rider who signed in
    tokens = door.tokens(name)

    # When a ride is asked for with the ID token, it is the rider's
    status, ride, _ = door.ride(f"Bearer {tokens['IdToken']}")
    assert (status, ride["Rider"]) == (201, name)
    assert door.rides_of(name) == [ride["RideId"]]

    # Then without a token, or with a broken one, there is none
    for token in ("", "Bearer nonsense", f"Bearer {tokens['IdToken'][:-8]}AAAAAAAA"):
        status, body, headers = door.ride(token)
        assert (status, body) == (401, {"message": "Unauthorized"})
        assert headers["www-authenticate"].startswith("Bearer")

    # And an access token, which names no rider to the function, is no better
    status, body, _ = door.ride(f"Bearer {tokens['AccessToken']}")
    assert (status, set(body)) == (401, {"Error", "Reference"})
    assert len(door.rides_of(name)) == 1


def test_a_token_of_another_pool_opens_nothing(door: Door, name: str) -> None:
    # Given a pool of somebody else's, with a rider of that name and a client
    cognito = door.client("cognito-idp")
    pool_id = cognito.create_user_pool(PoolName="others")["UserPool"]["Id"]
    client_id = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="c",
        ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
    )["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool_id, Username=name)
    cognito.admin_set_user_password(
        UserPoolId=pool_id, Username=name, Password="Abcdef1!", Permanent=True
    )
    token = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": "Abcdef1!"},
    )["AuthenticationResult"]["IdToken"]

    # When its token is tried here
    status, _, _ = door.ride(f"Bearer {token}")
    cognito.delete_user_pool(UserPoolId=pool_id)

    # Then it opens nothing
    assert status == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "wild.example"}, 421),
        ({"Origin": "https://evil.example"}, 421),
        ({"Origin": "null"}, 421),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 421),
    ],
)
def test_a_page_of_another_site_reaches_nothing(
    door: Door, name: str, headers: dict[str, str], status: int
) -> None:
    # Given a rider's token in the hands of another site's page
    token = door.tokens(name)["IdToken"]

    # When it is used from there
    answered, _, _ = door.ride(f"Bearer {token}", **headers)

    # Then nothing of ours sees the request
    assert answered == status
    assert not door.rides_of(name)


def test_nothing_of_it_listens_but_on_loopback(door: Door, name: str) -> None:
    # Given an open door, whose functions run
    assert door.ride(f"Bearer {door.tokens(name)['IdToken']}")[0] == 201

    # When all that this process started is asked where it listens
    listening = listening_below(os.getpid())

    # Then the local AWS, the API and the functions are there, and on loopback alone
    assert urlsplit(door.url).port in {port for _, port in listening}
    assert len(listening) >= 4
    assert all(ip_address(address).is_loopback for address, _ in listening), listening


def test_without_the_permission_the_door_leads_nowhere(door: Door, name: str) -> None:
    # Given a rider, and a function that no longer lets API Gateway in
    token = door.tokens(name)["IdToken"]
    function = door.outputs["function_name"]
    lambda_ = door.client("lambda")
    lambda_.remove_permission(FunctionName=function, StatementId="FrontDoor")

    # When a ride is asked for
    status, body, _ = door.ride(f"Bearer {token}")

    # Then it fails as in AWS, and Terraform puts the permission back
    assert (status, body) == (500, {"message": "Internal Server Error"})
    assert not door.rides_of(name)
    door.stack.apply(**DOOR)
    assert door.ride(f"Bearer {token}")[0] == 201


def test_each_request_leaves_a_line_and_its_metrics(door: Door) -> None:
    # Given a request that is refused
    assert door.ride()[0] == 401

    # When the access log is read
    events = door.client("logs").filter_log_events(
        logGroupName=f"/aws/apigateway/{door.outputs['function_name']}"
    )["events"]
    lines = [json.loads(event["message"]) for event in events]

    # Then it has its route, status and reason, and no token
    refused = next(line for line in reversed(lines) if line["route"] == "POST /ride")
    assert (refused["status"], refused["error"]) == ("401", "Unauthorized")
    metrics = door.client("cloudwatch").list_metrics(Namespace="AWS/ApiGateway")["Metrics"]
    assert {metric["MetricName"] for metric in metrics} >= {"Count", "4xx", "5xx", "Latency"}


# What another site's page can send without asking: as a form does, with a token it got hold of, and to Cognito.
ATTACK = """
async ([door, cognito, token, signUp]) => {
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "AWSCognitoIdentityProviderService.SignUp",
  };
  const tries = [
    fetch(`${door}/`, { mode: "no-cors" }),
    fetch(`${door}/ride`, { method: "POST", mode: "no-cors", body: "{}" }),
    fetch(`${door}/ride`, { method: "POST", headers: { authorization: token }, body: "{}" }),
    fetch(cognito, { method: "POST", headers, body: JSON.stringify(signUp) }),
  ];
  return (await Promise.allSettled(tries)).map(({ status, value }) => value?.type ?? status);
}
"""


def test_a_page_of_another_site_gets_nothing_in_a_real_browser(
    door: Door, launch: Launch, name: str
) -> None:
    # Given a browser on the page of another site, whose name resolves to this machine, and a rider's token
    # Newer browsers ask before they let such a page reach this machine: this one does not.
    unguarded = "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests"
    names = "--host-resolver-rules=MAP evil.example 127.0.0.1"
    token = door.tokens(name)["IdToken"]
    statuses: list[int] = []
    browser = launch(unguarded, names)
    page = browser.new_page()
    form = {"content_type": "text/html", "body": "<form method=post>"}
    page.route("http://evil.example/", lambda route: route.fulfill(**form))
    page.goto("http://evil.example/")
    page.on("response", lambda response: statuses.append(response.status))

    # When it sends what it can, posts a form, and asks for the page under its own name (DNS rebinding)
    settings = door.page_settings()
    sign_up = {
        "ClientId": settings["client-id"],
        "Username": f"{name}-2",
        "Password": PASSWORD,
    }
    outcomes = page.evaluate(ATTACK, [door.url, settings["cognito"], f"Bearer {token}", sign_up])
    page.eval_on_selector(
        "form", f"(form) => {{ form.action = '{door.url}/ride'; form.submit(); }}"
    )
    page.wait_for_url(f"{door.url}/ride")
    rebound = page.goto(door.url.replace("127.0.0.1", "evil.example"))
    browser.close()

    # Then it reads nothing, and nothing of it was let in
    assert outcomes == ["opaque", "opaque", "rejected", "rejected"]
    assert rebound is not None
    assert set(statuses) == {421}
    assert rebound.status == 421
    assert not door.rides_of(name)
    users = door.client("cognito-idp").list_users(UserPoolId=settings["pool-id"])["Users"]
    assert f"{name}-2" not in [user["Username"] for user in users]


@pytest.fixture(scope="module")
def browser(launch: Launch) -> Iterator[Browser]:
    """Give a real browser."""
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a page whose script must have no error."""
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console", lambda message: errors.append(message.text) if "Policy" in message.text else None
    )
    yield page
    page.close()
    assert not errors


def sign_up(page: Page, door: Door, name: str) -> None:
    """Sign up and confirm, as a person does."""
    page.get_by_role("button", name="Create an account").click()
    page.get_by_label("User name").locator("visible=true").fill(name)
    page.get_by_label("Email address").fill(f"{name}@example.com")
    page.get_by_label("Password").locator("visible=true").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    code = page.get_by_label("Six-digit code").locator("visible=true")
    expect(code).to_be_focused()
    code.fill(door.mailed(f"{name}@example.com"))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Where should it pick you up?")).to_be_visible()


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("User name").locator("visible=true").fill(name)
    page.get_by_label("Password").locator("visible=true").fill(password)
    page.get_by_role("button", name="Sign in").locator("visible=true").first.click()


def choose(page: Page) -> None:
    """Choose Seattle, where Sequoia lives."""
    page.get_by_label("Latitude").fill("47.61")
    page.get_by_label("Longitude").fill("-122.20")


def be_ready(page: Page, door: Door, name: str) -> None:
    """Open the page, sign up and choose a pickup: what is left is to ask for a unicorn."""
    page.goto(door.url)
    sign_up(page, door, name)
    choose(page)


def test_a_journey_from_sign_up_to_sign_out(door: Door, page: Page, name: str) -> None:
    # Given a person at the door
    page.goto(door.url)

    # When they sign up, sign out, and sign in with a wrong password, then with the right one
    sign_up(page, door, name)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, name, "not the password")
    expect(page.get_by_role("status")).to_have_text("The user name or the password is wrong.")
    wrong = page.get_by_label("Password").locator("visible=true")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-invalid", "true")
    sign_in(page, name)
    expect(page.locator("#rider")).to_have_text(name)

    # And ask for a unicorn
    choose(page)
    page.get_by_role("button", name="Request a unicorn").click()

    # Then the nearest is on its way, and the ride is recorded once
    expect(page.get_by_role("heading", name="Sequoia is on the way")).to_be_focused()
    assert door.rides_of(name) == [page.locator("#result-id").inner_text()]
    expect(page.locator("#countdown")).to_contain_text("to go")

    # And a reload ends the session, and says so
    shown = page.locator("#result-id").inner_text()
    page.reload()
    expect(page.get_by_role("status")).to_have_text(
        "A reload ends your session. Sign in again to see your ride."
    )
    expect(page.get_by_label("User name").locator("visible=true")).to_have_value(name)
    expect(page.get_by_label("Password").locator("visible=true")).to_be_focused()

    # And whoever signs in again sees the same ride
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#result-id")).to_have_text(shown)
    assert door.rides_of(name) == [shown]

    # And signing out leaves nothing of theirs on the page
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    expect(page.locator("#travel")).to_be_hidden()


@pytest.mark.parametrize(
    ("user", "password", "sentence"),
    [
        ("zoe", " " * 12, "A password must not begin or end with a space."),
        ("zoe and kim", PASSWORD, "A user name must not have spaces in it."),
        ("zoe", "short", "Password: at least 12 characters."),
    ],
)
def test_what_cannot_be_a_name_or_a_password_is_explained(
    door: Door, page: Page, user: str, password: str, sentence: str
) -> None:
    # Given a person at the door
    page.goto(door.url)
    page.get_by_role("button", name="Create an account").click()

    # When they sign up with spaces in the wrong place, or too short a password
    page.get_by_label("User name").locator("visible=true").fill(user)
    page.get_by_label("Email address").fill("zoe@example.com")
    page.get_by_label("Password").locator("visible=true").fill(password)
    page.get_by_role("button", name="Create account").click()

    # Then the page says what is wrong
    expect(page.get_by_role("status")).to_have_text(sentence)


def test_a_reload_during_a_request_and_a_second_click_make_no_second_ride(
    door: Door, page: Page, name: str
) -> None:
    # Given a rider whose request is under way, and whose answer is lost
    be_ready(page, door, name)
    page.route("**/ride", lambda route: (route.fetch(), route.abort()))
    button = page.get_by_role("button", name="Request a unicorn")
    button.dblclick()
    expect(page.get_by_role("status")).to_contain_text("There is no connection")
    page.unroute("**/ride")
    assert len(door.rides_of(name)) == 1

    # When they reload and sign in again
    page.reload()
    sign_in(page, name)

    # Then the same ride is shown
    expect(page.get_by_role("heading", name="Sequoia is on the way")).to_be_visible()
    assert door.rides_of(name) == [page.locator("#result-id").inner_text()]


@pytest.mark.parametrize("answer", ["lost", 500])
def test_asking_again_after_no_answer_makes_no_second_ride(
    door: Door, page: Page, name: str, answer: Any
) -> None:
    # Given a rider whose ride is recorded, and whose answer is lost or says that the server failed
    be_ready(page, door, name)

    def spoil(route: Route) -> None:
        route.fetch()
        if answer == "lost":
            route.abort()
        else:
            route.fulfill(status=answer, json={})

    page.route("**/ride", spoil)
    button = page.get_by_role("button", name="Request a unicorn")
    button.click()
    expect(page.get_by_role("status")).to_contain_text(re.compile("press the button again", re.I))
    page.unroute("**/ride")

    # When they press the button again, as they are asked to
    button.click()

    # Then it is the same ride
    expect(page.get_by_role("heading", name="Sequoia is on the way")).to_be_visible()
    assert door.rides_of(name) == [page.locator("#result-id").inner_text()]

    # And pressing it once more, after the answer, makes another
    with page.expect_response("**/ride"):
        button.click()
    assert len(door.rides_of(name)) == 2


def test_a_ride_that_is_resumed_is_not_asked_for_by_the_button_too(
    door: Door, page: Page, name: str
) -> None:
    # Given a rider who reloaded during a request, and whose next answer takes its time
    be_ready(page, door, name)
    page.route("**/ride", lambda route: route.abort())
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.get_by_role("status")).to_contain_text("There is no connection")
    page.unroute("**/ride")
    held: list[Route] = []
    page.route("**/ride", lambda route: held.append(route))
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("to see your request go on.")
    sign_in(page, name)
    expect(page.get_by_role("status")).to_contain_text("Asking again for the unicorn")

    # When they press the button meanwhile
    page.get_by_role("button", name="Request a unicorn").click(force=True)
    for route in held:
        route.continue_()

    # Then there was one request, and the button works again
    expect(page.get_by_role("heading", name="Sequoia is on the way")).to_be_visible()
    assert len(held) == 1
    assert len(door.rides_of(name)) == 1
    expect(page.get_by_role("button", name="Request a unicorn")).to_have_attribute(
        "aria-disabled", "false"
    )


def test_the_next_rider_sees_nothing_of_the_one_before(door: Door, page: Page, name: str) -> None:
    # Given a rider with a unicorn on the map, who signs out while another is asked for
    be_ready(page, door, name)
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.get_by_role("heading", name="Sequoia is on the way")).to_be_visible()
    held: list[Route] = []
    page.route("**/ride", lambda route: held.append(route))
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.get_by_role("status")).to_have_text("One moment …")
    page.get_by_role("button", name="Sign out").click()

    # When the answer comes, and the next rider comes in
    with page.expect_response("**/ride") as answered:
        held[0].continue_()
    answered.value.finished()
    page.unroute("**/ride")
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    expect(page.get_by_label("User name").locator("visible=true")).to_be_focused()
    sign_up(page, door, f"{name}-2")

    # Then the ride is recorded, and not shown
    assert len(door.rides_of(name)) == 2
    for hidden in ("#result", "#pin", "#track", "#unicorn"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_label("Latitude")).to_have_value("")
    expect(page.get_by_label("Longitude")).to_have_value("")

    # And their own request works
    choose(page)
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.get_by_role("heading", name="Sequoia is on the way")).to_be_visible()
    assert door.rides_of(f"{name}-2") == [page.locator("#result-id").inner_text()]


def test_a_unicorn_that_has_arrived_goes_when_the_pickup_is_moved(
    door: Door, page: Page, name: str
) -> None:
    # Given a rider whose unicorn takes a second
    be_ready(page, door, name)
    unicorn = {"Name": "Sequoia", "Color": "Yellow", "Gender": "Female"}
    answer = {"RideId": "r", "Unicorn": unicorn, "Eta": "1 second"}
    page.route("**/ride", lambda route: route.fulfill(status=201, json=answer))

    # When it has arrived, the page says so in one place
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.get_by_role("heading", name="Sequoia has arrived")).to_be_visible()
    expect(page.locator("#countdown")).to_be_empty()
    expect(page.get_by_role("status")).to_be_empty()
    expect(page.locator("#unicorn")).to_be_visible()

    # Then it goes when the rider moves the pickup
    page.get_by_label("Latitude").fill("40")
    page.get_by_label("Latitude").press("Tab")
    for gone in ("#result", "#track", "#goal", "#unicorn"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator("#pin")).to_be_visible()


def test_the_rides_id_can_be_copied_even_where_the_browser_denies_the_clipboard(
    door: Door, page: Page, name: str
) -> None:
    # Given a rider whose unicorn is on its way
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=door.url)
    be_ready(page, door, name)
    page.get_by_role("button", name="Request a unicorn").click()
    copy = page.locator("#copy-id")
    expect(copy).to_be_visible()

    # When they press the button beside the ride's id, with the keyboard
    copy.press("Enter")

    # Then the id is in the clipboard, and they see and hear that it is
    expect(copy).to_have_accessible_name("Copied the ride's id")
    expect(page.locator("#announcement")).to_have_text("The ride's id is copied.")
    assert door.rides_of(name) == [page.evaluate("navigator.clipboard.readText()")]

    # And so it is where the browser denies the clipboard
    page.evaluate("navigator.clipboard.writeText('another text')")
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    expect(copy).to_have_accessible_name("Copy the ride's id")
    copy.press("Enter")
    expect(copy).to_have_accessible_name("Copied the ride's id")
    assert door.rides_of(name) == [page.evaluate("navigator.clipboard.readText()")]

    # And where the page cannot copy at all, the id is selected for the rider to copy
    page.evaluate("void (document.execCommand = () => false)")
    copy.press("Enter")
    expect(copy).to_have_accessible_name("Selected the ride's id")
    assert door.rides_of(name) == [page.evaluate("getSelection().toString()")]


def test_a_request_is_dropped_when_its_rider_signs_out(door: Door, page: Page, name: str) -> None:
    # Given a rider whose request got no answer
    be_ready(page, door, name)
    page.route("**/ride", lambda route: route.abort())
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.get_by_role("status")).to_contain_text("There is no connection")
    page.unroute("**/ride")

    # When the connection is back, the sentence about it goes
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("status")).to_contain_text("You are online again.")

    # Then signing out drops the request: signing in again asks for nothing
    page.get_by_role("button", name="Sign out").click()
    assert page.evaluate("sessionStorage.length") == 0
    sign_in(page, name)
    expect(page.locator("#rider")).to_have_text(name)
    expect(page.get_by_label("Latitude")).to_have_value("")
    assert not door.rides_of(name)


def test_a_long_flight_goes_the_short_way_and_is_counted_in_hours(
    door: Door, page: Page, name: str
) -> None:
    # Given a rider in New Zealand, and a unicorn from Seattle
    page.goto(door.url)
    sign_up(page, door, name)
    page.get_by_label("Latitude").fill("-40")
    page.get_by_label("Longitude").fill("170")
    unicorn = {"Name": "Sequoia", "Color": "Yellow", "Gender": "Female"}
    answer = {"RideId": "r", "Unicorn": unicorn, "Eta": "1281 minutes"}
    page.route("**/ride", lambda route: route.fulfill(status=201, json=answer))

    # When it is on its way
    page.get_by_role("button", name="Request a unicorn").click()

    # Then it flies west over the Pacific, and the time is in hours
    expect(page.locator("#result-eta")).to_have_text("21 hours 21 minutes")
    expect(page.locator("#countdown")).to_contain_text("(shown 3600 times faster)")
    track = page.locator("#track").get_attribute("d") or ""
    ((start, end),) = re.findall(r"M(\S+) \S+L(\S+) ", track)
    assert float(end) < 0 < float(start)

    # And the view has the whole of it: where it began, the unicorn and the pickup
    home = page.locator(".home", has_text="Sequoia").locator("circle")
    for shown in (home, page.locator("#unicorn"), page.locator("#pin circle").last):
        assert is_inside(page.locator("#map"), shown)


def is_inside(outer: Locator, inner: Locator) -> bool:
    """Return whether one element is drawn wholly on another."""
    inside: bool = outer.evaluate(
        """(outer, inner) => {
          const [around, box] = [outer, inner].map((one) => one.getBoundingClientRect());
          return around.left <= box.left && box.right <= around.right
            && around.top <= box.top && box.bottom <= around.bottom;
        }""",
        inner.element_handle(),
    )
    return inside


def test_an_error_is_in_view_on_a_small_screen_and_goes_when_it_is_corrected(
    door: Door, page: Page, name: str
) -> None:
    # Given a rider with a small phone
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(door.url)
    sign_up(page, door, name)

    # When they ask for a unicorn without a place
    page.get_by_role("button", name="Request a unicorn").click()

    # Then what is missing is in view and covers nothing, in the order of the Tab key, until the map is clicked
    order = ["#latitude", "#ride button", "#ride-message", "#map", "#zoom-in"]
    for upper, lower in pairwise([page.locator(one).bounding_box() for one in order]):
        assert upper
        assert lower
        assert upper["y"] + upper["height"] <= lower["y"]
    expect(page.get_by_role("status")).to_contain_text("Latitude: ")
    expect(page.get_by_role("status")).to_be_in_viewport(ratio=1)
    page.get_by_role("application", name="World map").click()
    expect(page.get_by_role("status")).to_be_empty()

    # And when they type a place instead, what they typed is not marked as wrong any more
    page.get_by_label("Latitude").fill("91")
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.get_by_role("status")).to_have_text("Latitude: a number from -90 to 90.")
    choose(page)
    expect(page.get_by_role("status")).to_be_empty()
    expect(page.get_by_label("Latitude")).to_have_attribute("aria-invalid", "false")

    # And the map is in view when the unicorn comes
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.locator("#result-title")).to_be_in_viewport(ratio=1)
    expect(page.locator("#unicorn")).to_be_in_viewport(ratio=0.9)

    # And so is an error, though what came before stands between it and the button
    page.route("**/ride", lambda route: route.fulfill(status=500, json={}))
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.get_by_role("status")).to_contain_text("No unicorn could be sent.")
    expect(page.get_by_role("status")).to_be_in_viewport(ratio=1)


def test_a_code_can_be_sent_again_and_pasted_with_spaces(door: Door, page: Page, name: str) -> None:
    # Given a rider who forgot the password
    page.goto(door.url)
    sign_up(page, door, name)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Forgot your password?").click()
    page.get_by_label("User name").locator("visible=true").fill(name)
    page.get_by_role("button", name="Send a code").click()
    code = page.get_by_label("Six-digit code").locator("visible=true")
    expect(code).to_be_focused()

    # When they double-click for a new code
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.headers.get("x-amz-target", "")))
    # The first click is answered before the second.
    page.get_by_role("button", name="Send a new code").dblclick(delay=300)
    expect(page.get_by_role("status")).to_contain_text("a new code was sent")

    # Then one is sent, spaces around it do no harm, and there is a way back
    assert len([target for target in sent if target.endswith(".ForgotPassword")]) == 1
    code.press_sequentially(f" {door.mailed(f'{name}@example.com')} ")
    page.get_by_label("New password").fill(f"{PASSWORD} again")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", name="Where should it pick you up?")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Forgot your password?").click()
    page.get_by_role("button", name="Back to signing in").locator("visible=true").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize(
    ("status", "answer", "sentence"),
    [
        (400, {"Error": "Latitude must be a number."}, "Latitude must be a number."),
        (422, {"Error": "This key was used."}, "This key was used."),
        (429, {"message": "Too Many Requests"}, "Too many requests at once."),
        (500, {"Error": "x", "Reference": "ref-1"}, "Reference: ref-1"),
    ],
)
def test_an_error_is_a_sentence_and_the_button_works_again(
    door: Door, page: Page, name: str, status: int, answer: dict[str, str], sentence: str
) -> None:
    # Given a rider, and an API that answers with an error
    be_ready(page, door, name)
    page.route("**/ride", lambda route: route.fulfill(status=status, json=answer))

    # When they ask for a unicorn
    page.get_by_role("button", name="Request a unicorn").click()

    # Then the page says what happened, and the button works again
    expect(page.get_by_role("status")).to_contain_text(sentence)
    page.unroute("**/ride")
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.get_by_role("heading", name="Sequoia is on the way")).to_be_visible()


def test_a_throttled_write_is_retried_after_the_time_in_the_answer(
    door: Door, page: Page, name: str
) -> None:
    # Given a rider, and a table that takes no write the first time
    be_ready(page, door, name)
    answers = iter([503])

    def throttle_once(route: Any) -> None:
        status = next(answers, None)
        if status is None:
            route.continue_()
        else:
            route.fulfill(status=status, headers={"retry-after": "1"}, json={"Error": "Busy."})

    page.route("**/ride", throttle_once)

    # When they ask for a unicorn
    page.get_by_role("button", name="Request a unicorn").click()

    # Then the page waits as it is asked to, and one comes
    expect(page.get_by_role("status")).to_contain_text("Asking again in 1 second")
    expect(page.get_by_role("heading", name="Sequoia is on the way")).to_be_visible()
    assert len(door.rides_of(name)) == 1


def test_a_rider_whose_unicorns_are_throttled_rides_later(
    door: Door, page: Page, name: str
) -> None:
    # Given a rider, and a function without concurrency
    be_ready(page, door, name)
    function, lambda_ = door.outputs["function_name"], door.client("lambda")
    lambda_.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)

    # When they ask for a unicorn
    try:
        page.get_by_role("button", name="Request a unicorn").click()
        expect(page.get_by_role("status")).to_have_text(
            "No unicorn could be sent. Press the button again in a moment."
        )
    finally:
        lambda_.delete_function_concurrency(FunctionName=function)
    assert not door.rides_of(name)

    # Then the page says what to do, and doing it brings one
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.get_by_role("heading", name="Sequoia is on the way")).to_be_visible()
    assert len(door.rides_of(name)) == 1


def test_the_map_obeys_the_keyboard(door: Door, page: Page, name: str) -> None:
    # Given a rider on the map
    page.goto(door.url)
    sign_up(page, door, name)
    world = page.get_by_role("application", name="World map")
    world.focus()

    # When they press keys
    page.keyboard.press("ArrowUp")
    before = float(page.get_by_label("Latitude").input_value())
    page.keyboard.press("ArrowUp")
    page.keyboard.press("+")

    # Then the pickup moves, and the map is nearer
    assert float(page.get_by_label("Latitude").input_value()) > before
    width = float(str(world.get_attribute("viewBox")).split()[2])
    assert width < 3600

    # And the place is read to them, and in the map's name
    place = re.compile(r"pickup at \d+\.\d degrees north, 0\.0 degrees east", re.I)
    expect(page.locator("#announcement")).to_have_text(place)
    expect(world).to_have_attribute("aria-label", place)

    # And at its widest, the map cannot be zoomed out
    zoom_out = page.get_by_role("button", name="Zoom out")
    expect(zoom_out).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("-")
    expect(zoom_out).to_have_attribute("aria-disabled", "true")

    # And Enter asks for a unicorn
    page.keyboard.press("Enter")
    expect(page.locator("#result-title")).to_contain_text("is on the way")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_no_violation_of_wcag(
    door: Door, browser: Browser, name: str, scheme: Any, width: int
) -> None:
    # Given the page in a theme and a width
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(door.url)

    # When axe looks at each view of it
    seen = {"enter": violations(page)}
    sign_up(page, door, name)
    choose(page)
    page.get_by_label("Longitude").press("Tab")
    seen["covered"] = covered_names(page)
    page.get_by_role("button", name="Request a unicorn").click()
    expect(page.get_by_role("heading", name="Sequoia is on the way")).to_be_visible()
    seen["travel"] = violations(page)
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    context.close()

    # Then there is nothing, and nothing is wider than the screen
    assert seen == {"enter": [], "covered": [], "travel": []}
    assert overflow <= 0


def covered_names(page: Page) -> list[str]:
    """Return the pairs of what is drawn on the map over each other: names, dots, the pickup."""
    pairs: list[str] = page.evaluate(
        """() => {
          const drawn = [...document.querySelectorAll(".home text, .home circle, .pin circle:not(.halo)")]
            .filter((one) => one.getAttribute("visibility") !== "hidden");
          const boxes = drawn.map((one) => ({ one, box: one.getBoundingClientRect() }));
          const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
          return boxes.flatMap(({ one, box }, place) => boxes.slice(place + 1)
            .filter((other) => (one.textContent || other.one.textContent) && over(box, other.box))
            .map((other) => `${one.textContent} / ${other.one.textContent}`));
        }"""
    )
    return pairs


def violations(page: Page) -> list[str]:
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    report = Axe().run(page, options={"runOnly": tags}).response
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in report["violations"]]
