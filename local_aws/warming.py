"""Loads the services that every deployment uses first: moto loads a service at its first request.

IAM, with AWS's 1,500 managed policies and the model of its API, takes half a second of processor time. Terraform and
its provider take longer than that to start, and then need not wait for it.
"""

from typing import TYPE_CHECKING

from werkzeug.test import create_environ, run_wsgi_app

from local_aws.client_environment import CREDENTIALS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

QUERIES = {
    "sts": "Action=GetCallerIdentity&Version=2011-06-15",
    "iam": "Action=ListRoles&Version=2010-05-08",
}


def warm(moto: "WSGIApplication") -> None:
    """Send a request to each service, without a check by IAM; the answers do not matter."""
    key, region = CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_REGION"]
    for service, query in QUERIES.items():
        scope = f"Credential={key}/20260101/{region}/{service}/aws4_request"
        request = create_environ(
            method="POST",
            data=query,
            content_type="application/x-www-form-urlencoded",
            headers={
                "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=none"
            },
        )
        run_wsgi_app(moto, request)
