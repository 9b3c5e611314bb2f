"""The real tools of the audit find what was planted, where they are installed."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from scripts import audit

needs_tools = pytest.mark.skipif(
    not (audit.BIN / "checkov").exists(), reason="only `make audit` installs the tools"
)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty checkout in place of the project's."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)  # noqa: S607 - on PATH
    monkeypatch.setattr(audit, "ROOT", folder)
    return folder


@needs_tools
def test_the_real_search_finds_a_planted_secret_and_does_not_repeat_it(checkout: Path) -> None:
    # Given a committed key, one in a new file, one that is ignored, made-up ones, and a checksum
    key = "AKIA" + "Q3EGTZ7XW4HJKL2P"
    (checkout / "committed.py").write_text(f'\nKEY = "{key}"\n')
    (checkout / "new.sh").write_text(f"export KEY={key}\n")
    (checkout / ".gitignore").write_text("ignored.sh\n")
    (checkout / "ignored.sh").write_text(f"export KEY={key}\n")
    (checkout / "checksum.py").write_text(f'SHA256 = "{hashlib.sha256(b"").hexdigest()}"\n')
    (checkout / "made_up.py").write_text(
        f'KEY = "{key}"  # pragma: allowlist secret\nEXAMPLE = "AKIA{"IOSFODNN7EXAMPLE"}"\n'
    )
    subprocess.run(["git", "add", "committed.py"], cwd=checkout, check=True)  # noqa: S607 - on PATH

    # When secrets are searched
    with pytest.raises(audit.AuditError) as failure:
        audit.check_secrets()

    # Then the first two are reported by place and kind
    assert str(failure.value).splitlines() == [
        "committed.py:2: AWS Access Key",
        "new.sh:1: AWS Access Key",
    ]


@needs_tools
def test_the_real_checkov_takes_a_skip_for_a_reason_only(checkout: Path) -> None:
    # Given three log groups without a retention: as it is, skipped for a reason, and skipped for none
    comments = {
        "plain": "",
        "explained": "# checkov:skip=CKV_AWS_66: short-lived",
        "bare": "# checkov:skip=CKV_AWS_66",
    }
    (checkout / "main.tf").write_text(
        "".join(
            f'resource "aws_cloudwatch_log_group" "{name}" {{\n  {comment}\n  kms_key_id = "key"\n'
            "  # checkov:skip=CKV_AWS_338: there is no retention at all\n}\n"
            for name, comment in comments.items()
        )
    )

    # When checkov looks at them
    with pytest.raises(audit.AuditError) as failure:
        audit.check_terraform()

    # Then the first and the last are findings
    findings = str(failure.value).splitlines()
    assert [line.split(": ")[1] for line in findings] == [
        "aws_cloudwatch_log_group.plain",
        "aws_cloudwatch_log_group.bare",
    ]
    assert findings[1].endswith("CKV_AWS_66 is skipped without a reason")
