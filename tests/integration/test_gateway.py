"""HTTP APIs on the local AWS: what boto3 sets up answers at the API's own address."""

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local_aws.client_environment import REGION
from tests.integration.deployed import Client, Deploy, Deployed, with_code

ACCOUNT = "123456789012"
# Answers with which version of it runs, for which route.
CODE = (
    "import json",
    "def handler(event, context):",
    "    seen = {'version': context.function_version, 'route': event['routeKey']}",
    "    return {'statusCode': 200, 'body': json.dumps(seen)}",
)


@dataclass(frozen=True)
class Api:
    """An API with the stage $default."""

    id: str
    url: str
    client: Client

    @property
    def stage_arn(self) -> str:
        return f"arn:aws:apigateway:{REGION}::/apis/{self.id}/stages/$default"

    def route(self, key: str, function_arn: str) -> None:
        """Let a function answer a route."""
        gateway = self.client("apigatewayv2")
        integration = gateway.create_integration(
            ApiId=self.id,
            IntegrationType="AWS_PROXY",
            IntegrationUri=function_arn,
            PayloadFormatVersion="2.0",
        )
        target = f"integrations/{integration['IntegrationId']}"
        gateway.create_route(ApiId=self.id, RouteKey=key, Target=target)

    def permit(self, function: Deployed, **qualifier: str) -> None:
        """Let the API call a function, its version or its alias."""
        self.client("lambda").add_permission(
            FunctionName=function.name,
            StatementId=f"api-{uuid.uuid4().hex[:8]}",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{self.id}/*/*",
            **qualifier,
        )

    def ask(self, path: str, **headers: str) -> tuple[int, Any, Any]:
        """Send GET; returns status, body and headers."""
        request = urllib.request.Request(self.url + path, headers=headers)  # noqa: S310 - loopback
        try:
            answer = urllib.request.urlopen(request)  # noqa: S310 - loopback
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, json.loads(answer.read()), answer.headers


@pytest.fixture
def api(client: Client) -> Iterator[Api]:
    """Yield an API of its own for a test."""
    gateway = client("apigatewayv2")
    made = gateway.create_api(Name=f"api-{uuid.uuid4().hex[:8]}", ProtocolType="HTTP")
    gateway.create_stage(ApiId=made["ApiId"], StageName="$default", AutoDeploy=True)
    yield Api(made["ApiId"], made["ApiEndpoint"], client)
    gateway.delete_api(ApiId=made["ApiId"])


def test_a_version_and_an_alias_answer_as_integrations(api: Api, deploy: Deploy) -> None:
    # Given a function with a version, and an alias of it
    function = with_code(deploy, *CODE)
    functions = api.client("lambda")
    version = functions.publish_version(FunctionName=function.name)
    alias = functions.create_alias(FunctionName=function.name, Name="live", FunctionVersion="1")
    latest = version["FunctionArn"].rpartition(":")[0]

    # When each answers a route, and the API is permitted to call each
    for name, arn, qualifier in (
        ("latest", latest, {}),
        ("version", version["FunctionArn"], {"Qualifier": "1"}),
        ("alias", alias["AliasArn"], {"Qualifier": "live"}),
    ):
        api.route(f"GET /{name}", arn)
        assert api.ask(f"/{name}")[0] == 500  # not permitted yet
        api.permit(function, **qualifier)

    # Then the code of that version runs
    ran = {name: api.ask(f"/{name}")[1]["version"] for name in ("latest", "version", "alias")}
    assert ran == {"latest": "$LATEST", "version": "1", "alias": "1"}


def test_a_stage_is_changed_and_tagged_where_it_is(api: Api) -> None:
    # Given a stage
    gateway = api.client("apigatewayv2")

    # When its settings are updated, one by one, and tags are put and taken
    gateway.update_stage(ApiId=api.id, StageName="$default", StageVariables={"a": "1", "b": "2"})
    gateway.update_stage(
        ApiId=api.id,
        StageName="$default",
        StageVariables={"b": ""},
        DefaultRouteSettings={"ThrottlingBurstLimit": 3, "ThrottlingRateLimit": 2.0},
    )
    gateway.tag_resource(ResourceArn=api.stage_arn, Tags={"x": "1", "y": "2"})
    gateway.untag_resource(ResourceArn=api.stage_arn, TagKeys=["x"])

    # Then each has changed, and nothing else
    stage = gateway.get_stage(ApiId=api.id, StageName="$default")
    assert stage["StageVariables"] == {"a": "1"}
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 3
    assert stage["AutoDeploy"] is True
    assert stage["Tags"] == gateway.get_tags(ResourceArn=api.stage_arn)["Tags"] == {"y": "2"}


def test_a_stage_that_is_throttled_answers_429(api: Api, deploy: Deploy) -> None:
    # Given a route that takes two requests at once
    function = with_code(deploy, *CODE)
    arn = api.client("lambda").get_function(FunctionName=function.name)["Configuration"]
    api.route("GET /", arn["FunctionArn"])
    api.permit(function)
    api.client("apigatewayv2").update_stage(
        ApiId=api.id,
        StageName="$default",
        DefaultRouteSettings={"ThrottlingBurstLimit": 2, "ThrottlingRateLimit": 0.01},
    )

    # When it is asked three times
    # Then the third is throttled
    assert [api.ask("/")[0] for _ in range(3)] == [200, 200, 429]


def test_cors_that_is_taken_away_is_gone(api: Api) -> None:
    # Given an API with CORS
    gateway = api.client("apigatewayv2")
    gateway.update_api(ApiId=api.id, CorsConfiguration={"AllowOrigins": ["*"]})
    assert "CorsConfiguration" in gateway.get_api(ApiId=api.id)

    # When it is taken away, either way that Terraform does it
    gateway.update_api(ApiId=api.id, CorsConfiguration={})

    # Then nothing of it is left
    assert not gateway.get_api(ApiId=api.id).get("CorsConfiguration")


def test_a_deleted_api_answers_nobody(client: Client, api: Api) -> None:
    # Given an API that is deleted
    made = client("apigatewayv2").create_api(Name="short", ProtocolType="HTTP")
    client("apigatewayv2").delete_api(ApiId=made["ApiId"])

    # When it is asked, then nothing listens, and another goes on answering
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(made["ApiEndpoint"])  # noqa: S310 - loopback
    assert api.ask("/")[0] == 404
