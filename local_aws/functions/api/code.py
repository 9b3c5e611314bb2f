"""Gets the code of a function or a layer from a request or from S3, and refuses what Lambda would refuse."""

import io
import stat
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from moto.s3.exceptions import MissingBucket
from moto.s3.models import s3_backends
from moto.utilities.utils import get_partition

from local_aws.code_hash import code_sha256
from local_aws.functions.api.errors import ApiError, invalid_parameter, not_offered
from local_aws.functions.api.store import Store
from local_aws.functions.api.version import Code
from local_aws.functions.unpack import UNZIPPED_LIMIT, BadZipError, check_zip
from local_aws.reports import report

# "Lambda quotas", deployment package: 50 MB zipped if it is uploaded directly.
ZIPPED_LIMIT = 52_428_800
_IN_S3 = ("S3Bucket", "S3Key", "S3ObjectVersion")


def code_of(given: Mapping[str, Any], store: Store) -> Code:
    """Return the code in a request's parameters: a ZipFile, or an object in S3.

    Raises ApiError if there is none, or if it is not a zip that Lambda accepts.
    """
    _refuse_unsupported(given)
    content = _content(given, store)
    members = _members(content)
    if _size(members) > UNZIPPED_LIMIT:
        raise invalid_parameter(f"Unzipped size must be smaller than {UNZIPPED_LIMIT} bytes")
    try:
        check_zip(content)
    except BadZipError as error:
        raise _not_unzipped(f" {error}") from error
    _warn_of_unreadable(members)
    return Code(content, code_sha256(content))


def _refuse_unsupported(given: Mapping[str, Any]) -> None:
    if given.get("ImageUri"):
        raise not_offered("functions of container images")
    if given.get("SourceKMSKeyArn"):
        raise not_offered("KMS keys for the code of functions")
    if given.get("S3ObjectStorageMode") == "REFERENCE":
        raise not_offered("code that stays in S3")


def _content(given: Mapping[str, Any], store: Store) -> bytes:
    zip_file: bytes | None = given.get("ZipFile")
    if zip_file is None:
        if not given.get("S3Bucket") or not given.get("S3Key"):
            raise invalid_parameter("Please provide a source for function code.")
        return _from_s3(given["S3Bucket"], given["S3Key"], given.get("S3ObjectVersion"), store)
    if any(given.get(name) for name in _IN_S3):
        raise invalid_parameter(
            "Please do not provide other FunctionCode parameters when providing a ZipFile."
        )
    if len(zip_file) > ZIPPED_LIMIT:
        raise ApiError(
            "RequestEntityTooLargeException",
            f"Zipped size must be smaller than {ZIPPED_LIMIT} bytes",
        )
    return zip_file


def check_total(code: Code, layers: Sequence[Code]) -> None:
    """Raise ApiError if the code and its layers together are larger than 250 MB unzipped."""
    if not layers:
        return
    total = sum(_size(_members(each.content)) for each in (code, *layers))
    if total > UNZIPPED_LIMIT:
        raise invalid_parameter(
            "Function code combined with layers exceeds the maximum allowed size of "
            f"{UNZIPPED_LIMIT} bytes. The actual size is {total} bytes."
        )


def _members(content: bytes) -> list[zipfile.ZipInfo]:
    """Return the members of a zip; raises ApiError if it is empty or not a zip."""
    if not content:
        raise invalid_parameter("Uploaded file must be a non-empty zip")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError) as error:
        raise _not_unzipped() from error
    if not members:
        raise invalid_parameter("Uploaded file must be a non-empty zip")
    return members


def _not_unzipped(reason: str = "") -> ApiError:
    return invalid_parameter(
        f"Could not unzip uploaded file. Please check your file, then try to upload again.{reason}"
    )


def _size(members: list[zipfile.ZipInfo]) -> int:
    return sum(member.file_size for member in members)


def _warn_of_unreadable(members: list[zipfile.ZipInfo]) -> None:
    """Report the first file that a function on AWS cannot read: "Permission is denied / Cannot load such file".

    Here a function can read all of them: it runs as the user who owns the files.
    """
    for member in members:
        mode = member.external_attr >> 16
        if stat.S_IMODE(mode) and not mode & stat.S_IROTH:
            report(
                f"{member.filename!r} has mode {stat.S_IMODE(mode):03o} in the zip: a function on AWS cannot "
                "read it. Zip it with mode 644."
            )
            return


def _from_s3(bucket: str, key: str, version: str | None, store: Store) -> bytes:
    backend = s3_backends[store.account][get_partition(store.region)]
    try:
        region = backend.get_bucket(bucket).region_name
        stored = backend.get_object(bucket, key, version_id=version)
    except MissingBucket as error:
        raise _s3_error("NoSuchBucket", "The specified bucket does not exist") from error
    if region != store.region:
        raise _s3_error(
            "PermanentRedirect",
            f"The bucket is in this region: {region}. Please use this region to retry the request",
        )
    if stored is None:
        if version:
            raise _s3_error("NoSuchVersion", "The specified version does not exist.")
        raise _s3_error("NoSuchKey", "The specified key does not exist.")
    content: bytes = stored.value
    return content


def _s3_error(code: str, message: str) -> ApiError:
    return invalid_parameter(
        f"Error occurred while GetObject. S3 Error Code: {code}. S3 Error Message: {message}"
    )
