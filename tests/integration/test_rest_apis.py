"""REST APIs on the local AWS: what is deployed to a stage answers, as "Lambda proxy integrations" have it."""

import contextlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError
from pycognito import AWSSRP

from tests.integration.deployed import Client, Deploy, Deployed, with_code

REGION, ACCOUNT = "us-east-1", "123456789012"
# Answers as the query says, else with its event.
CODE = (
    "import json",
    "def handler(event, context):",
    "    do = (event['queryStringParameters'] or {}).get('do')",
    "    if do == 'raise': raise ValueError('as you wish')",
    "    if do == 'text': return 'Hello, world!'",
    "    if do == 'number': return {'statusCode': 200, 'body': 42}",
    "    if do == 'teapot': return {'statusCode': '418', 'headers': {'X-Tea': 'oolong'},",
    "        'multiValueHeaders': {'Set-Cookie': ['a=1', 'b=2']}, 'body': 'dGVh', 'isBase64Encoded': True}",
    "    return {'statusCode': 201, 'body': json.dumps(event)}",
)


@dataclass(frozen=True)
class RestApi:
    """A REST API whose resource /rides/{id} a function answers, deployed to the stage `prod`."""

    id: str
    resource: str
    endpoint: str
    client: Client

    def ask(
        self, path: str, method: str = "POST", body: str = "", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Send a request by the API's path on the local AWS; `Host` in the headers sends it by its host."""
        base = "" if "Host" in headers else f"/restapis/{self.id}"
        path = path if "Host" in headers else path.replace("/prod", "/prod/_user_request_", 1)
        with contextlib.closing(HTTPConnection(urlsplit(self.endpoint).netloc)) as connection:
            connection.request(method, base + path, body.encode(), headers)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, named, answer.read()

    def put(self, method: str, **integration: Any) -> None:
        """Give the resource a method and its integration."""
        gateway = self.client("apigateway")
        of = {"restApiId": self.id, "resourceId": self.resource, "httpMethod": method}
        gateway.put_method(**of, authorizationType="NONE")
        gateway.put_integration(**of, **integration)

    def deploy(self) -> None:
        self.client("apigateway").create_deployment(restApiId=self.id, stageName="prod")


@pytest.fixture
def function(deploy: Deploy) -> Deployed:
    return with_code(deploy, *CODE)


@pytest.fixture
def api(client: Client, endpoint: str, function: Deployed) -> Iterator[RestApi]:
    gateway = client("apigateway")
    number = gateway.create_rest_api(name=f"api-{uuid.uuid4().hex[:8]}")["id"]
    [root] = gateway.get_resources(restApiId=number)["items"]
    parent = gateway.create_resource(restApiId=number, parentId=root["id"], pathPart="rides")
    made = gateway.create_resource(restApiId=number, parentId=parent["id"], pathPart="{id}")
    api = RestApi(number, made["id"], endpoint, client)
    api.put(
        "POST",
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/"
        f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function.name}/invocations",
    )
    api.deploy()
    yield api
    gateway.delete_rest_api(restApiId=number)


@pytest.fixture
def permitted(api: RestApi, function: Deployed) -> RestApi:
    """Give the API with permission to invoke its function."""
    function.client("lambda").add_permission(
        FunctionName=function.name,
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api.id}/*/POST/rides/*",
    )
    return api


def test_a_request_becomes_an_event_of_format_1(permitted: RestApi) -> None:
    # Given an API that may invoke its function
    # When a request is sent
    status, _, body = permitted.ask(
        "/prod/rides/a%20b?x=1&x=2", body='{"a": 1}', **{"Content-Type": "application/json"}
    )

    # Then the function has it in API Gateway's first format
    event = json.loads(body)
    assert status == 201
    assert (event["resource"], event["path"], event["httpMethod"]) == (
        "/rides/{id}",
        "/rides/a b",
        "POST",
    )
    assert event["pathParameters"] == {"id": "a b"}
    assert event["queryStringParameters"] == {"x": "2"}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"]}
    assert event["headers"]["Content-Type"] == "application/json"
    assert (event["body"], event["isBase64Encoded"]) == ('{"a": 1}', False)
    assert event["stageVariables"] is None
    context = event["requestContext"]
    assert (context["stage"], context["path"], context["apiId"], context["accountId"]) == (
        "prod",
        "/prod/rides/a b",
        permitted.id,
        ACCOUNT,
    )
    assert context["identity"]["sourceIp"] == "127.0.0.1"


def test_an_api_has_a_host_of_its_own(permitted: RestApi) -> None:
    # Given an API that may invoke its function
    host = f"{permitted.id}.execute-api.{REGION}.localhost"

    # When a request is sent to its host
    # Then the path begins with the stage, as in AWS
    assert permitted.ask("/prod/rides/1", Host=host)[0] == 201


def test_what_the_function_returns_becomes_the_response(permitted: RestApi) -> None:
    # Given an API that may invoke its function
    # When the function returns a response
    status, headers, body = permitted.ask("/prod/rides/1?do=teapot")

    # Then that is sent
    assert (status, headers["x-tea"], headers["content-type"], body) == (
        418,
        "oolong",
        "application/json",
        b"tea",
    )
    assert headers["set-cookie"] in ("a=1", "b=2")


@pytest.mark.parametrize("do", ["text", "number", "raise"])
def test_what_is_no_response_is_a_bad_gateway(permitted: RestApi, do: str) -> None:
    # Given an API that may invoke its function
    # When the function returns text, a body that is no text, or fails
    status, headers, body = permitted.ask(f"/prod/rides/1?do={do}")

    # Then the client learns nothing of it
    assert status == 502
    assert json.loads(body) == {"message": "Internal server error"}
    assert headers["x-amzn-errortype"] == "InternalServerErrorException"


def test_without_permission_without_a_method_or_without_a_stage_nothing_answers(
    api: RestApi,
) -> None:
    # Given an API that may not invoke its function
    # When requests are sent to it, to a path it has not, with another method, and to no stage
    forbidden = api.ask("/prod/rides/1")
    paths = [api.ask("/prod/other"), api.ask("/prod/rides/1", "GET")]
    stage = api.ask("/prod/rides/1", Host=f"{'x' * 10}.execute-api.{REGION}.localhost")

    # Then each has the answer of API Gateway
    assert (forbidden[0], json.loads(forbidden[2])) == (500, {"message": "Internal server error"})
    for status, headers, body in paths:
        assert (status, json.loads(body)) == (403, {"message": "Missing Authentication Token"})
        assert headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"
    assert (stage[0], json.loads(stage[2])) == (403, {"message": "Forbidden"})


def test_a_change_is_seen_once_it_is_deployed(api: RestApi, client: Client) -> None:
    # Given a mock for OPTIONS, as for CORS
    api.put("OPTIONS", type="MOCK", requestTemplates={"application/json": '{"statusCode": 204}'})
    of = {"restApiId": api.id, "resourceId": api.resource, "httpMethod": "OPTIONS"}
    header = "method.response.header.Access-Control-Allow-Origin"
    gateway = client("apigateway")
    gateway.put_method_response(**of, statusCode="204", responseParameters={header: True})
    gateway.put_integration_response(
        **of, statusCode="204", responseParameters={header: "'*'"}, selectionPattern=""
    )

    # When it is asked for before and after it is deployed
    before = api.ask("/prod/rides/1", "OPTIONS")
    api.deploy()
    after = api.ask("/prod/rides/1", "OPTIONS")

    # Then it answers afterwards
    assert before[0] == 403
    assert (after[0], after[1]["access-control-allow-origin"]) == (204, "*")


@pytest.mark.parametrize(
    ("integration", "message"),
    [
        (
            {"type": "HTTP_PROXY", "integrationHttpMethod": "GET", "uri": "http://example.com"},
            "The local AWS does not offer HTTP_PROXY integrations of REST APIs.",
        )
    ],
)
def test_other_integrations_are_refused_by_name(
    api: RestApi, integration: dict[str, str], message: str
) -> None:
    # Given an API
    # When it is given an integration that the local AWS does not have
    with pytest.raises(ClientError) as refused:
        api.put("GET", **integration)

    # Then that is said with a status that nobody retries
    assert refused.value.response["Error"]["Message"] == message
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_what_no_stage_here_checks_is_refused_by_name(api: RestApi, client: Client) -> None:
    # Given an API
    gateway = client("apigateway")
    of = {"restApiId": api.id, "resourceId": api.resource, "httpMethod": "GET"}

    # When a method is to want an API key, or signatures, and an OpenAPI document is imported
    refused = []
    for call, parameters in (
        (gateway.put_method, {**of, "authorizationType": "NONE", "apiKeyRequired": True}),
        (gateway.put_method, {**of, "authorizationType": "AWS_IAM"}),
        (gateway.import_rest_api, {"body": b'{"openapi": "3.0.1", "info": {}, "paths": {}}'}),
    ):
        with pytest.raises(ClientError) as error:
            call(**parameters)
        refused.append(error.value.response["Error"]["Message"])

    # Then each is refused
    assert refused == [
        "The local AWS does not offer methods of REST APIs with API keys.",
        "The local AWS does not offer methods of REST APIs with authorization AWS_IAM.",
        "The local AWS does not offer apigateway:ImportRestApi.",
    ]


@pytest.fixture
def token(client: Client) -> Iterator[tuple[str, str]]:
    """Give the ARN of a user pool, and the id token of its user `zoe`."""
    cognito, password = client("cognito-idp"), "A unicorn is 1 here!"
    pool = cognito.create_user_pool(PoolName=f"riders-{uuid.uuid4().hex[:8]}")["UserPool"]
    client_id = cognito.create_user_pool_client(UserPoolId=pool["Id"], ClientName="page")[
        "UserPoolClient"
    ]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool["Id"], Username="zoe", MessageAction="SUPPRESS")
    cognito.admin_set_user_password(
        UserPoolId=pool["Id"], Username="zoe", Password=password, Permanent=True
    )
    signed_in = AWSSRP("zoe", password, pool["Id"], client_id, client=cognito).authenticate_user()
    yield pool["Arn"], signed_in["AuthenticationResult"]["IdToken"]
    cognito.delete_user_pool(UserPoolId=pool["Id"])


def test_a_cognito_authorizer_lets_in_who_has_a_token_of_its_pool(
    permitted: RestApi, client: Client, token: tuple[str, str]
) -> None:
    # Given a method whose authorizer is a user pool
    gateway = client("apigateway")
    authorizer = gateway.create_authorizer(
        restApiId=permitted.id,
        name="riders",
        type="COGNITO_USER_POOLS",
        providerARNs=[token[0]],
        identitySource="method.request.header.Authorization",
    )
    of = {"restApiId": permitted.id, "resourceId": permitted.resource, "httpMethod": "POST"}
    integration = gateway.get_integration(**of)
    gateway.put_method(**of, authorizationType="COGNITO_USER_POOLS", authorizerId=authorizer["id"])
    gateway.put_integration(
        **of, type="AWS_PROXY", integrationHttpMethod="POST", uri=integration["uri"]
    )
    permitted.deploy()

    # When requests come without a token, with another, and with one of the pool
    without = permitted.ask("/prod/rides/1")
    other = permitted.ask("/prod/rides/1", Authorization=token[1] + "x")
    within = permitted.ask("/prod/rides/1", Authorization=token[1])

    # Then only the last reaches the function, which knows who it is
    assert without[0] == other[0] == 401
    assert json.loads(without[2]) == {"message": "Unauthorized"}
    assert without[1]["x-amzn-errortype"] == "UnauthorizedException"
    claims = json.loads(within[2])["requestContext"]["authorizer"]["claims"]
    assert claims["cognito:username"] == "zoe"
