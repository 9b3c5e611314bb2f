"""What the local AWS reports of a zip that works here and would not on AWS."""

import io
import zipfile

import pytest

from local_aws.functions.api.code import code_of
from local_aws.functions.api.store import Store


def zip_with_mode(mode: int) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        member = zipfile.ZipInfo("probe.py")
        # 0x20 is "archive" of FAT: without any attribute, Python would give the member the mode 600.
        member.external_attr = mode << 16 | 0x20
        content.writestr(member, "")
    return archive.getvalue()


@pytest.mark.parametrize(
    ("mode", "words"),
    [(0o100600, "'probe.py' has mode 600 in the zip"), (0o100644, ""), (0, "")],
    ids=["owner", "everybody", "unknown"],
)
def test_a_file_that_a_function_on_aws_could_not_read_is_reported(
    mode: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a zip with a file of a mode
    content = zip_with_mode(mode)

    # When it is uploaded
    code = code_of({"ZipFile": content}, Store("123456789012", "us-east-1"))

    # Then it is taken, and a file that is its owner's alone is reported
    assert code.content == content
    reported = capsys.readouterr().err
    assert reported.startswith(f"local: {words}" if words else "")
    assert bool(reported) == bool(words)
