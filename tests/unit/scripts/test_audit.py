"""`scripts/audit.py` reports what the tools find and what they could not check, and never a secret itself."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts import audit
from scripts.project.paths import AUDIT_VENV

StandIn = Callable[..., None]


FAILED_CHECK = {
    "check_id": "CKV_AWS_116",
    "check_name": "Ensure there is a Dead Letter Queue(DLQ)",
    "file_path": "/modules/f/main.tf",
    "file_line_range": [12, 59],
    "resource": "module.f.aws_lambda_function.this",
    "check_result": {"result": "FAILED"},
}


KNOWN = {"name": "flask", "version": "3.1.2", "vulns": []}


UNKNOWN = {"name": "flask", "skip_reason": "Dependency not found and could not be audited"}


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Give a maker of programs that stand in for the tools: each prints what the test sets, and exits as it sets.

    All three report no findings until set otherwise.
    """
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(audit, "BIN", folder)

    def make(name: str, out: object = "", err: str = "", status: int = 0) -> None:
        text = out if isinstance(out, str) else json.dumps(out)
        (folder / f"{name}.out").write_text(text)
        (folder / f"{name}.err").write_text(err)
        (folder / name).write_text(f'#!/bin/sh\ncat "$0.out"\ncat "$0.err" >&2\nexit {status}\n')
        (folder / name).chmod(0o755)

    make("checkov", checkov_report(passed=31))
    make("pip-audit", {"dependencies": [KNOWN]})
    make("detect-secrets-hook")
    return make


def checkov_report(
    *failed: dict[str, Any],
    skipped: tuple[dict[str, Any], ...] = (),
    unread: tuple[str, ...] = (),
    passed: int = 0,
) -> dict[str, Any]:
    return {
        "results": {
            "failed_checks": failed,
            "skipped_checks": skipped,
            "parsing_errors": unread,
        },
        "summary": {"passed": passed, "failed": len(failed), "skipped": len(skipped)},
    }


def skipped(reason: str) -> dict[str, Any]:
    return {**FAILED_CHECK, "check_result": {"result": "SKIPPED", "suppress_comment": reason}}


def test_a_clean_audit_lists_what_was_checked(
    stand_in: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given tools that find nothing, with one check skipped for a reason
    stand_in("checkov", checkov_report(skipped=(skipped("nothing is queued"),), passed=31))

    # When the audit is made
    status = audit.main([])

    # Then it passes, and says of what
    err = capsys.readouterr().err
    assert status == 0
    assert "31 checks passed, 1 skipped with a reason" in err
    assert "packages without a known vulnerability" in err
    assert "files without a secret" in err


@pytest.mark.parametrize(
    ("tool", "answer", "line"),
    [
        (
            "checkov",
            checkov_report(FAILED_CHECK),
            "modules/f/main.tf:12: module.f.aws_lambda_function.this: "
            "CKV_AWS_116 Ensure there is a Dead Letter Queue(DLQ)",
        ),
        (
            "checkov",
            checkov_report(skipped=(skipped("No comment provided"),)),
            "modules/f/main.tf:12: module.f.aws_lambda_function.this: "
            "CKV_AWS_116 is skipped without a reason",
        ),
        ("checkov", checkov_report(unread=("main.tf",)), "main.tf: checkov cannot read this file"),
        ("checkov", {"passed": 0, "failed": 0}, "checkov found nothing to check"),
        (
            "pip-audit",
            {
                "dependencies": [
                    {**KNOWN, "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.3", "4.0"]}]}
                ]
            },
            "flask 3.1.2: PYSEC-1, fixed in 3.1.3, 4.0",
        ),
        (
            "pip-audit",
            {"dependencies": [{**KNOWN, "vulns": [{"id": "PYSEC-1", "fix_versions": []}]}]},
            "flask 3.1.2: PYSEC-1, fixed in no release yet",
        ),
        (
            "detect-secrets-hook",
            {"results": {"main.tf": [{"type": "AWS Access Key", "line_number": 3}]}},
            "main.tf:3: AWS Access Key",
        ),
    ],
)
def test_a_finding_is_reported_and_fails_the_audit(
    stand_in: StandIn,
    capsys: pytest.CaptureFixture[str],
    tool: str,
    answer: dict[str, Any],
    line: str,
) -> None:
    # Given one tool that finds something
    stand_in(tool, answer, status=1)

    # When the audit is made
    status = audit.main([])

    # Then it fails with the finding, after the other two checks were made as well
    err = capsys.readouterr().err
    assert status == 1
    assert line in err
    assert err.count("✓") == 2


@pytest.mark.parametrize("tool", ["checkov", "pip-audit", "detect-secrets-hook"])
def test_a_tool_that_breaks_fails_the_audit_with_its_own_message(
    stand_in: StandIn, capsys: pytest.CaptureFixture[str], tool: str
) -> None:
    # Given a tool that ends with an error instead of an answer
    stand_in(tool, err="Traceback (most recent call last):\nKeyError: 'spam'\n", status=1)

    # When the audit is made
    status = audit.main([])

    # Then that is no pass
    assert status == 1
    assert f"{tool} failed: Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    "answer",
    [
        {"out": {"dependencies": [UNKNOWN]}},
        {"err": "Traceback:\nrequests.exceptions.ConnectionError: Max retries\n", "status": 1},
        {"err": "Traceback:\npip_audit._service.interface.ServiceError\n", "status": 1},
        {"err": "ERROR:\nERROR:Tip: your network may be blocking this service.\n", "status": 1},
    ],
    ids=["no advisories", "no network", "an error of the service", "a time-out"],
)
def test_an_unreachable_advisory_service_is_reported_and_fails_nothing(
    stand_in: StandIn, capsys: pytest.CaptureFixture[str], answer: dict[str, Any]
) -> None:
    # Given a machine without an advisory service, as pip-audit says it
    stand_in("pip-audit", **answer)

    # When the audit is made
    status = audit.main([])

    # Then it passes, and the packages do not count as checked
    assert status == 0
    assert "NOT CHECKED" in capsys.readouterr().err


def test_the_tools_see_nothing_of_a_developers_settings(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a developer with a key for checkov's makers, and a checkov that prints its settings
    monkeypatch.setenv("BC_API_KEY", "made-up")
    monkeypatch.setenv("CKV_SKIP_CHECK", "CKV_AWS_116")
    (audit.BIN / "checkov").write_text("#!/bin/sh\nenv | grep -E '^(BC|CKV|HOME)' | sort\n")

    # When it is called
    with pytest.raises(audit.AuditError) as failure:
        audit.check_terraform()

    # Then it has its own alone
    assert str(failure.value).splitlines() == [
        "checkov failed: CKV_SKIP_PACKAGE_UPDATE_CHECK=true",
        f"HOME={AUDIT_VENV}",
    ]


def test_missing_tools_are_reported_with_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given tools that are not installed
    monkeypatch.setattr(audit, "BIN", tmp_path)

    # When the audit is made
    status = audit.main([])

    # Then it says what installs them
    assert status == 1
    assert capsys.readouterr().err.count("`make audit` installs the tools") == 3


def test_a_folder_that_is_not_a_checkout_is_reported(
    stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given the project's files without git's
    monkeypatch.setattr(audit, "ROOT", tmp_path)

    # When secrets are searched
    # Then it says that it cannot know where
    with pytest.raises(audit.AuditError, match="git cannot list the files"):
        audit.check_secrets()


def test_bad_use_is_refused() -> None:
    # Given an argument that does not exist
    # When the audit is asked for with it
    with pytest.raises(SystemExit) as refusal:
        audit.main(["--fast"])

    # Then the status is that of bad use
    assert refusal.value.code == 2


def test_an_interrupt_ends_it_without_a_traceback(stand_in: StandIn) -> None:
    # Given a tool that is interrupted at its work, and the audit with it, as by Ctrl-C
    (audit.BIN / "checkov").write_text("#!/bin/sh\nkill -INT $PPID\nexec sleep 60\n")
    code = (
        "import pathlib; from scripts import audit; from scripts.terminal import command_line; "
        f"audit.BIN = pathlib.Path({str(audit.BIN)!r}); command_line.run(lambda: audit.main([]))"
    )

    # When the audit is made
    made = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    # Then it ends at once, as interrupted
    assert made.returncode == 130
    assert "Traceback" not in made.stderr
