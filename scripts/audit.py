#!/usr/bin/env python3
"""Audits what is published: the Terraform (checkov), the locked packages (pip-audit), secrets (detect-secrets).

Only the names and versions of the locked packages leave this machine, to look up their known vulnerabilities.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from scripts.project.paths import AUDIT_VENV, REQUIREMENTS, ROOT
from scripts.session.isolation import PASSED_ON
from scripts.terminal import command_line
from scripts.terminal.errors import UserError
from scripts.terminal.progress import step

BIN = AUDIT_VENV / "bin"
NO_REASON = "No comment provided"  # checkov's words for a skip without one
# The end of pip-audit's output when no service answered: it has no exit status for that.
UNREACHABLE = re.compile(r"^(requests\.exceptions|pip_audit\._service)\.|blocking this service")
# Short words such as "local", AWS's documented examples, and one letter eight times.
MADE_UP = r"^[a-z]{1,8}$|EXAMPLE$|(.)\1{7}"


class AuditError(UserError):
    """The findings, one a line, or why a check could not run."""


class UnreachableError(Exception):
    """No advisory service answered."""


@command_line.verb("audit")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns 0 if every check passed. All checks run in any case."""
    command_line.parser(__doc__, "example: make audit").parse_args(arguments)
    checks = {
        "Terraform": check_terraform,
        "Locked packages": check_packages,
        "Secrets": check_secrets,
    }
    failed = [title for title, check in checks.items() if not _passes(title, check)]
    return 1 if failed else 0


def check_terraform() -> str:
    """Run checkov over the configuration; returns how many checks passed.

    Raises AuditError with each check that failed or is skipped without a reason, and each file checkov cannot read.
    """
    offline = ["--skip-download", "--download-external-modules=false"]
    report = _parsed(
        _run(BIN / "checkov", "--directory=.", "--framework=terraform", "--output=json", *offline)
    )
    if "results" not in report:
        raise AuditError("checkov found nothing to check: are there *.tf files?")
    results, summary = report["results"], report["summary"]
    _raise_if_any(
        [
            *(f"{_place(check)} {check['check_name']}" for check in results["failed_checks"]),
            *(
                f"{_place(check)} is skipped without a reason"
                for check in results["skipped_checks"]
                if check["check_result"]["suppress_comment"] == NO_REASON
            ),
            *(f"{path}: checkov cannot read this file" for path in results["parsing_errors"]),
        ]
    )
    return f"{summary['passed']} checks passed, {summary['skipped']} skipped with a reason"


def check_packages() -> str:
    """Look up each locked package's advisories; returns how many were checked, or that none could be.

    Raises AuditError with each known vulnerability.
    """
    try:
        packages = [
            package
            for lock in sorted(REQUIREMENTS.glob("*.txt"))
            for package in _advisories(lock)
            if "skip_reason" not in package  # the index did not know it
        ]
    except UnreachableError as error:
        return f"NOT CHECKED, no advisory service could be reached: {error}"
    _raise_if_any(
        f"{package['name']} {package['version']}: {vulnerability['id']}, "
        f"fixed in {', '.join(vulnerability['fix_versions']) or 'no release yet'}"
        for package in packages
        for vulnerability in package["vulns"]
    )
    if not packages:
        return "NOT CHECKED, the package index of this machine has no advisories"
    return f"{len(packages)} packages without a known vulnerability"


def check_secrets() -> str:
    """Search every file that is committed, or would be by `git add --all`; returns how many there are.

    A secret is recognised by its form or by its name, not by its entropy: this repository is full of checksums.
    A line with a made-up one may end in `# pragma: allowlist secret`.
    Raises AuditError with the place and kind of each secret, not with the secret.
    """
    listed = _run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed.returncode != 0:
        raise AuditError(f"git cannot list the files to search: {listed.stderr.strip()}")
    files = [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]
    by_form = ["--disable-plugin=HexHighEntropyString", "--disable-plugin=Base64HighEntropyString"]
    options = [*by_form, f"--exclude-secrets={MADE_UP}", "--no-verify", "--json"]
    search = _run(BIN / "detect-secrets-hook", *options, "--", *files)
    if search.returncode != 0:
        _raise_if_any(
            f"{name}:{secret['line_number']}: {secret['type']}"
            for name, secrets in _parsed(search)["results"].items()
            for secret in secrets
        )
    return f"{len(files)} files without a secret"


def _passes(title: str, check: Callable[[], str]) -> bool:
    try:
        with step(title):
            summary = check()
    except AuditError as error:
        print(error, file=sys.stderr)
        return False
    print(f"  {summary}", file=sys.stderr)
    return True


def _place(check: dict[str, Any]) -> str:
    path = check["file_path"].lstrip("/")
    return f"{path}:{check['file_line_range'][0]}: {check['resource']}: {check['check_id']}"


def _advisories(lock: Path) -> list[dict[str, Any]]:
    """Return what the package index has on each package of one lock file: pip-audit takes a package once per call."""
    quietly = ["--progress-spinner=off", "--format=json"]
    answer = _run(
        BIN / "pip-audit", f"--requirement={lock}", "--require-hashes", "--disable-pip", *quietly
    )
    last_lines = answer.stderr.strip().rpartition("\n")[2]
    if not answer.stdout and UNREACHABLE.search(last_lines):
        raise UnreachableError(last_lines)
    return list(_parsed(answer)["dependencies"])


def _run(program: Path | str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a program in the checkout, without a developer's own settings for it and without credentials."""
    kept = PASSED_ON | {"REQUESTS_CA_BUNDLE"}
    environment = {
        **{name: value for name, value in os.environ.items() if name in kept},
        "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true",
    }
    if program != "git":  # which may need its safe.directory
        environment["HOME"] = str(AUDIT_VENV)  # for their caches, and without checkov's API key
    try:
        return subprocess.run(
            [str(program), *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise AuditError(
            f"{program} is missing: `make audit` installs the tools, and git must be on PATH."
        ) from error


def _parsed(done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    try:
        return dict(json.loads(done.stdout))
    except ValueError as error:
        last_lines = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise AuditError(f"{Path(done.args[0]).name} failed: {last_lines}") from error


def _raise_if_any(findings: Iterable[str]) -> None:
    if lines := "\n".join(findings):
        raise AuditError(lines)


if __name__ == "__main__":
    command_line.run(main)
