"""moto 5.2.5's buckets send notifications without permission, and with incomplete records.

Without this seam test_events_of_services.py (tests/integration) fails.
"""

import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

import flask
from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.s3 import notifications
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, S3Backend

from local_aws.iam.services_sending import may_send

S3 = "s3.amazonaws.com"
SKIP_HEADER = "x-amz-skip-destination-validation"

_put_configuration = S3Backend.put_bucket_notification_configuration


def install(permits: Callable[[str, str], bool]) -> None:
    """Send complete records. `permits` returns whether a function lets S3 invoke it for a bucket, by their ARNs."""
    notifications._get_s3_event = event_of
    S3Backend.put_bucket_notification_configuration = _putting_configurations(permits)


def _putting_configurations(permits: Callable[[str, str], bool]) -> Callable[..., None]:
    """Return moto's function that stores notification configurations, with a check of their destinations."""

    def put(backend: S3Backend, bucket_name: str, configuration: dict[str, Any]) -> None:
        bucket = backend.get_bucket(bucket_name)
        arn = bucket.arn
        functions = [
            each["CloudFunction"]
            for each in (configuration or {}).get("CloudFunctionConfiguration") or []
        ]
        others = [
            each[name]
            for name in ("Queue", "Topic")
            for each in (configuration or {}).get(f"{name}Configuration") or []
        ]
        skipped = flask.has_request_context() and flask.request.headers.get(SKIP_HEADER) == "true"
        permitted = [permits(function, arn) for function in functions]
        permitted += [may_send(S3, arn, bucket.account_id, other) for other in others]
        if not skipped and not all(permitted):
            raise S3ClientError(
                "InvalidArgument",
                "Unable to validate the following destination configurations",
            )
        _put_configuration(backend, bucket_name, configuration)

    return put


def event_of(event_name: str, bucket: FakeBucket, key: Any, notification_id: str) -> dict[str, Any]:
    """Return the event for an object, after "Event message structure" in the S3 guide."""
    name = event_name.removeprefix("s3:")
    removed = name.startswith("ObjectRemoved")
    written = {} if removed else {"size": key.size, "eTag": key.etag.replace('"', "")}
    version = {"versionId": key.version_id} if bucket.is_versioned else {}
    source_ip = flask.request.remote_addr if flask.has_request_context() else None
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": bucket.region_name,
        "eventTime": iso_8601_datetime_with_milliseconds(),
        "eventName": name,
        "userIdentity": {"principalId": f"AWS:{bucket.account_id}"},
        "requestParameters": {"sourceIPAddress": source_ip or "127.0.0.1"},
        "responseElements": {
            "x-amz-request-id": secrets.token_hex(8).upper(),
            "x-amz-id-2": secrets.token_urlsafe(56),
        },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": notification_id,
            "bucket": {
                "name": bucket.name,
                "ownerIdentity": {"principalId": bucket.account_id},
                "arn": bucket.arn,
            },
            "object": {
                "key": quote_plus(key.name, safe="/"),
                **written,
                **version,
                "sequencer": f"{time.time_ns():018X}",
            },
        },
    }
    return {"Records": [record]}
