"""`python -m local_aws` says what to do if it cannot run."""

import platform
from pathlib import Path

import pytest

from local_aws import __main__ as local
from local_aws.functions.toolchain import MissingToolchainError, find_toolchain


def test_on_another_system_than_linux_it_says_what_to_do_instead(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a Mac
    monkeypatch.setattr(platform, "system", lambda: "Darwin")

    # When the local AWS is started
    status = local.main([])

    # Then it names the alternatives
    err = capsys.readouterr().err
    assert status == 1
    assert "not on Darwin" in err
    assert "deploy to AWS" in err


def test_missing_parts_are_named_with_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a virtual environment without AWS's runtime client and emulator
    monkeypatch.setattr("sys.prefix", str(tmp_path))

    # When they are looked for
    # Then the error names the script that installs them
    with pytest.raises(MissingToolchainError, match=r"scripts/install\.py"):
        find_toolchain()
