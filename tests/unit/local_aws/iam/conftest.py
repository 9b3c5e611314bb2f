"""An account with one role, requests as a client signs them, and the middleware that answers them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import hypothesis
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.dynamodb.models import dynamodb_backends
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from local_aws.iam.middleware import Enforcement

# As for the function's properties: pytest's --hypothesis-profile=fuzz asks for more.
hypothesis.settings.register_profile("short", max_examples=200, deadline=None, database=None)
hypothesis.settings.register_profile("fuzz", max_examples=100_000, deadline=None, database=None)
hypothesis.settings.load_profile("short")

ACCOUNT = "210987654321"  # not the one that other tests use: moto's services are global
PUT_ITEM = json.dumps({"TableName": "Rides", "Item": {"RideId": {"S": "1"}}})


@dataclass(frozen=True)
class Answer:
    """What came back: the body that reached the services, or the error that kept it from them."""

    status: int
    body: str
    content_type: str
    query: str = ""

    @property
    def code(self) -> str:
        error: str = json.loads(self.body)["__type"]
        return error.rpartition("#")[2]

    @property
    def message(self) -> str:
        sentence: str = json.loads(self.body)["Message"]
        return sentence


@dataclass(frozen=True)
class Account:
    """An account of moto's: `iam` is its IAM, with a role Writer that may put items into the table Rides."""

    iam: Any
    id: str = ACCOUNT
    role: str = f"arn:aws:iam::{ACCOUNT}:role/Writer"
    table: str = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/Rides"

    def policy(self, effect: str, action: str, resource: str | None = None) -> str:
        """Return a policy of one statement, on the table if nothing else is named."""
        statement = {"Effect": effect, "Action": action, "Resource": resource or self.table}
        return json.dumps({"Version": "2012-10-17", "Statement": statement})

    def session(self, duration: int = 900, session_policy: str = "") -> Credentials:
        """Assume the role, with a session that lasts so many seconds."""
        session = sts_backends[self.id]["aws"].assume_role(
            "us-east-1", "test", self.role, session_policy, duration, ""
        )
        return Credentials(session.access_key_id, session.secret_access_key, session.session_token)

    def signed(
        self,
        credentials: Credentials,
        body: str = PUT_ITEM,
        operation: str = "PutItem",
        url: str = "/",
        **headers: str,
    ) -> AWSRequest:
        """Sign a request to DynamoDB as botocore does."""
        request = AWSRequest(
            method="POST",
            url=f"http://127.0.0.1{url}",
            data=body,
            headers={
                "Host": "127.0.0.1",
                "Content-Type": "application/x-amz-json-1.0",
                "X-Amz-Target": f"DynamoDB_20120810.{operation}",
                **headers,
            },
        )
        SigV4Auth(credentials, "dynamodb", "us-east-1").add_auth(request)
        return request

    def send(self, request: AWSRequest, url: str = "/") -> Answer:
        """Send a request through the middleware to services that answer with what they got."""
        return self.open(url, method="POST", data=request.data, headers=dict(request.headers))

    def open(self, url: str, **options: Any) -> Answer:
        """Send any request."""
        response = Client(Enforcement(_services)).open(url, **options)
        return Answer(
            response.status_code,
            response.text,
            response.headers["Content-Type"],
            response.headers.get("X-Query", ""),
        )

    def ask(self, credentials: Credentials, *body_and_operation: str) -> Answer:
        """Sign and send, to put an item if nothing else is named."""
        return self.send(self.signed(credentials, *body_and_operation))


@pytest.fixture
def account() -> Iterator[Account]:
    """Give the account, and forget it afterwards."""
    account = Account(iam_backends[ACCOUNT]["aws"])
    tags = [{"Key": "Team", "Value": "blue"}]
    account.iam.create_role("Writer", "{}", "/", None, "", tags, None)
    account.iam.put_role_policy("Writer", "write", account.policy("Allow", "dynamodb:PutItem"))
    dynamodb_backends[ACCOUNT]["us-east-1"].create_table(
        name="Rides",
        schema=[{"AttributeName": "RideId", "KeyType": "HASH"}],
        throughput=None,
        attr=[{"AttributeName": "RideId", "AttributeType": "S"}],
        global_indexes=None,
        indexes=None,
        streams=None,
        billing_mode="PAY_PER_REQUEST",
        sse_specification=None,
        tags=[{"Key": "Env", "Value": "test"}],
        deletion_protection_enabled=False,
        warm_throughput=None,
    )
    yield account
    dynamodb_backends.pop(ACCOUNT)
    iam_backends.pop(ACCOUNT)
    sts_backends.pop(ACCOUNT, None)


@Request.application
def _services(request: Request) -> Response:
    return Response(request.get_data(), headers={"X-Query": request.query_string.decode()})
