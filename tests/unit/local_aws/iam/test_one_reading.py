"""What is decided about a request is what the services read of it: moto looks in more places than AWS."""

import gzip
import json
from hashlib import sha256
from typing import Any

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.core.request import Request
from moto.core.responses import BaseResponse
from werkzeug.test import Client
from werkzeug.wrappers import Response

from local_aws.iam.middleware import Enforcement
from local_aws.moto_seams import core

FORM = "application/x-www-form-urlencoded"
INITIATE_AUTH = "AWSCognitoIdentityProviderService.InitiateAuth"
IDENTITY = "Action=GetCallerIdentity&Version=2011-06-15"


def sent(
    credentials: Credentials | None, service: str, method: str, url: str, **given: Any
) -> tuple[Response, list[Any]]:
    """Send a request, signed if there are credentials; return the answer and what reached the services."""
    headers = {"Host": "127.0.0.1", **given.get("headers", {})}
    request = AWSRequest(method, f"http://127.0.0.1{url}", headers, given.get("body", b""))
    if credentials:
        SigV4Auth(credentials, service, given.get("region", "us-east-1")).add_auth(request)
    reached: list[Any] = []

    @Request.application  # type: ignore[untyped-decorator] # moto has no types
    def services(received: Any) -> Response:
        received.get_data()
        reached.append(received)
        return Response()

    answer = Client(Enforcement(services)).open(
        url, method=method, data=request.data, headers=dict(request.headers)
    )
    return answer, reached


def test_another_account_cannot_be_named(account: Any) -> None:
    # Given a header by which moto takes another account than the key's
    headers = {"X-Moto-Account-Id": "999999999999", "Content-Type": FORM}

    # When it is sent
    _, [received] = sent(account.session(), "sts", "POST", "/", headers=headers, body=IDENTITY)

    # Then moto does not see it
    assert "X-Moto-Account-Id" not in received.headers


def test_a_target_counts_where_the_protocol_has_one(account: Any) -> None:
    # Given a role that may read a REST API
    account.iam.put_role_policy("Writer", "get", account.policy("Allow", "apigateway:GET", "*"))
    headers = {"X-Amz-Target": "x.DeleteRestApi"}

    # When it names another operation in a header that moto would rather read
    _, [received] = sent(account.session(), "apigateway", "GET", "/restapis/a", headers=headers)

    # Then moto does not see it
    assert "X-Amz-Target" not in received.headers


@pytest.mark.parametrize(
    ("service", "method", "url"),
    [
        ("s3", "PUT", "/v20180820/configuration/publicAccessBlock"),
        ("ses", "GET", "/v2/email/identities?Action=ListIdentities"),
    ],
)
def test_a_path_that_moto_finds_a_service_by_is_of_that_service(
    account: Any, service: str, method: str, url: str
) -> None:
    # Given a role that may do what the same request would be of another service
    for may in ("s3:PutObject", "ses:ListIdentities"):
        account.iam.put_role_policy("Writer", may[:3], account.policy("Allow", may, "*"))

    # When it sends that request
    headers = {"X-Amz-Account-Id": account.id}
    answer, reached = sent(account.session(), service, method, url, headers=headers)

    # Then it is refused
    assert (answer.status_code, reached) == (403, [])


def test_a_form_of_parts_names_no_operation(account: Any) -> None:
    # Given a role that may list tables
    account.iam.put_role_policy(
        "Writer", "list", account.policy("Allow", "dynamodb:ListTables", "*")
    )
    headers = {
        "X-Amz-Target": "DynamoDB_20120810.ListTables",
        "Content-Type": "multipart/form-data; boundary=X",
    }
    body = b'--X\r\nContent-Disposition: form-data; name="Action"\r\n\r\nScan\r\n--X--\r\n'

    # When it asks moto for more in such a form
    answer, reached = sent(account.session(), "dynamodb", "POST", "/", headers=headers, body=body)

    # Then that is no operation
    assert (answer.status_code, reached) == (400, [])


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("", "Action=ListUsers&Version=2010-05-08", 200),
        ("", "Action=CreateUser&UserName=eve&Version=2010-05-08", 403),
        ("?Action=ListUsers&Version=2010-05-08", "Action=CreateUser&UserName=eve", 403),
    ],
)
def test_a_compressed_body_is_decided_by_what_is_in_it(
    account: Any, query: str, body: str, status: int
) -> None:
    # Given a role that may list users
    account.iam.put_role_policy("Writer", "list", account.policy("Allow", "iam:ListUsers", "*"))
    headers = {"Content-Type": FORM, "Content-Encoding": "gzip"}
    packed = gzip.compress(body.encode())

    # When it asks in a compressed body
    answer, reached = sent(
        account.session(), "iam", "POST", f"/{query}", headers=headers, body=packed
    )

    # Then moto gets what was decided
    assert answer.status_code == status
    assert [received.get_data() for received in reached] == [body.encode()] * (status == 200)


def test_a_form_counts_and_not_the_query_string(account: Any) -> None:
    # Given a role that may list users
    account.iam.put_role_policy("Writer", "list", account.policy("Allow", "iam:ListUsers", "*"))
    body = "Action=CreateUser&UserName=eve&Version=2010-05-08"

    # When its query string says that, and its form another thing
    answer, reached = sent(
        account.session(),
        "iam",
        "POST",
        "/?Action=ListUsers&Version=2010-05-08",
        headers={"Content-Type": FORM},
        body=body,
    )

    # Then it is refused
    assert (answer.status_code, reached) == (403, [])


def test_a_compressed_body_that_is_none_is_refused(account: Any) -> None:
    # Given a body that is cut off, when it is sent, then it is no request
    headers = {"Content-Type": FORM, "Content-Encoding": "gzip"}
    body = gzip.compress(IDENTITY.encode())[:-9]
    answer, reached = sent(account.session(), "sts", "POST", "/", headers=headers, body=body)
    assert (answer.status_code, reached) == (403, [])


def test_a_form_does_not_hide_what_an_objects_query_says(account: Any) -> None:
    # Given a role that may read the objects of a bucket, not their versions
    account.iam.put_role_policy("Writer", "get", account.policy("Allow", "s3:GetObject", "*"))
    body = b"versionId=old"

    # When it asks for a version in a form, which moto reads before the query string
    answer, reached = sent(
        account.session(),
        "s3",
        "GET",
        "/bucket/key",
        headers={"Content-Type": FORM, **s3(body)},
        body=body,
    )

    # Then moto does not see it
    assert answer.status_code == 200
    assert [dict(received.form) for received in reached] == [{}]


def s3(body: bytes) -> dict[str, str]:
    return {"X-Amz-Content-SHA256": sha256(body).hexdigest()}


def test_no_part_of_a_signature_passes_for_another_key(account: Any) -> None:
    # Given another user's key, whose id is no secret
    account.iam.create_user("us-east-1", "zoe")
    other = account.iam.create_access_key("zoe").access_key_id
    request = AWSRequest("GET", f"http://127.0.0.1/?{IDENTITY}", {"Host": "127.0.0.1"})
    SigV4QueryAuth(account.session(), "sts", other).add_auth(request)

    # When it stands as the region in a header, or in a URL, where moto would find it
    answer, reached = sent(
        account.session(),
        "sts",
        "POST",
        "/",
        headers={"Content-Type": FORM},
        body=IDENTITY,
        region=other,
    )
    presigned = Client(Enforcement(lambda *_: [b""])).open(str(request.url))

    # Then such a signature is none
    assert (answer.status_code, reached) == (403, [])
    assert presigned.status_code == 403


def test_no_signed_header_passes_for_another_key(account: Any) -> None:
    # Given another user's key among the names of signed headers, which moto would take for the caller's
    header = "AIDA0123456789012345/"
    request = AWSRequest("GET", f"http://127.0.0.1/?{IDENTITY}", {"Host": "127.0.0.1"})
    SigV4Auth(account.session(), "sts", "us-east-1").add_auth(request)
    signed = request.headers["Authorization"].replace("host;", f"{header};host;")

    # When it is sent
    answer = Client(Enforcement(lambda *_: [b""])).open(
        f"/?{IDENTITY}", headers={**dict(request.headers), "Authorization": signed}
    )

    # Then the header is not whole
    assert b"IncompleteSignature" in answer.get_data()


@pytest.mark.parametrize(
    ("method", "url", "headers", "body"),
    [
        ("GET", "/moto-api/data.json", {"X-Amz-Target": INITIATE_AUTH}, ""),
        ("POST", "/moto-api/reset", {"X-Amz-Target": INITIATE_AUTH}, ""),
        ("PUT", "/bucket/key?Action=AssumeRoleWithSAML", {}, "content"),
        ("GET", "/bucket/.well-known/secret", {}, ""),
        ("POST", "/", {"Content-Type": FORM}, "Action=AssumeRoleWithWebIdentity&RoleArn=x"),
        ("POST", "/", {"X-Amz-Target": INITIATE_AUTH, "Content-Type": FORM}, "Action=ListUsers"),
    ],
)
def test_only_an_operation_for_everybody_needs_no_signature(
    account: Any, method: str, url: str, headers: dict[str, str], body: str
) -> None:
    # Given a request that nobody signed, and that names what needs no signature beside what it is for
    # When it is sent
    answer, reached = sent(None, "", method, url, headers=headers, body=body)

    # Then it is refused
    assert reached == []
    assert b"Missing Authentication Token" in answer.get_data()


def test_an_operation_for_everybody_is_no_other(account: Any) -> None:
    # Given a request to sign in that names another operation and service where moto looks first
    headers = {
        "X-Amz-Target": INITIATE_AUTH,
        "Authorization": "AWS4-HMAC-SHA256 Credential=local/x/us-east-1/iam/aws4_request",
    }

    # When it is sent
    _, [received] = sent(None, "", "POST", "/?Action=ListUsers", headers=headers, body="{}")

    # Then moto does not see them
    assert received.query_string == b"-"
    assert "Authorization" not in received.headers


@pytest.mark.parametrize("place", ["/", "/x.eu-west-1.amazonaws.com"])
def test_the_region_is_the_one_that_is_signed(account: Any, place: str) -> None:
    # Given a request signed for one region that names another where moto looks first
    signed = account.signed(account.session(), json.dumps({}), url=place)
    headers = {**dict(signed.headers), "User-Agent": "sdk region/eu-west-1"}
    request = Request.from_primitives("POST", f"http://127.0.0.1{place}", headers, b"{}")

    # When moto asks for its region
    region = core.region(BaseResponse(), request, request.raw_url)

    # Then it is the one that was decided about
    assert region == "us-east-1"
