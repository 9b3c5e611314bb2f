"""What is uploaded, and what is on disk after it."""

import base64
import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest

from scripts.deployment_package.build import build
from scripts.project.paths import FUNCTION
from scripts.session.live_code import LiveCode, UploadError


@pytest.fixture
def project(tmp_path: Path) -> Any:
    """Give function/ with a zip on disk that holds other code."""
    archive = tmp_path / "build.zip"
    with ZipFile(archive, "w") as content:
        content.writestr("request_unicorn.py", "old")
    return SimpleNamespace(folder=FUNCTION, zip=archive)


def lambda_that_holds(sha256: str | None) -> Any:
    """Return a Lambda that reports this hash, or the right one, for whatever is uploaded."""

    def update_function_code(FunctionName: str, ZipFile: bytes) -> dict[str, str]:  # noqa: N803 - boto3's
        digest = base64.b64encode(hashlib.sha256(ZipFile).digest()).decode()
        return {"CodeSha256": sha256 or digest}

    updated = SimpleNamespace(wait=lambda **_: None)
    return SimpleNamespace(update_function_code=update_function_code, get_waiter=lambda _: updated)


def test_an_upload_names_what_is_new_and_becomes_the_zip_on_disk(
    project: Any, tmp_path: Path
) -> None:
    # Given a function whose one file is old
    code = LiveCode(
        "RequestUnicorn", lambda_that_holds(None), tmp_path / "staging.zip", build, project
    )

    # When its folder is uploaded, twice
    first, second = code.update(), code.update()

    # Then the first names the changed file and the added ones, the second nothing
    assert "request_unicorn.py" in first.changes
    assert "+dispatch.py" in first.changes
    assert second.changes == ()

    # And the zip on disk is the one that was uploaded
    on_disk = hashlib.sha256(project.zip.read_bytes()).digest()
    assert first.sha256_base64 == base64.b64encode(on_disk).decode()


def test_an_upload_that_lambda_does_not_have_is_reported_and_not_on_disk(
    project: Any, tmp_path: Path
) -> None:
    # Given a Lambda that holds something else after the upload
    code = LiveCode(
        "RequestUnicorn", lambda_that_holds("another"), tmp_path / "staging.zip", build, project
    )
    before = project.zip.read_bytes()

    # When function/ is uploaded
    # Then that is an error, and the zip on disk is as it was
    with pytest.raises(UploadError, match="another"):
        code.update()
    assert project.zip.read_bytes() == before
