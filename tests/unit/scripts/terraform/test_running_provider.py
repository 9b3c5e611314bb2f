"""A provider runs for one command of Terraform, and ends with it; where it does not start, Terraform starts its own."""

import os
from pathlib import Path

import pytest

from scripts.terraform.running_provider import (
    VARIABLE,
    ProviderError,
    provider_for_one_command,
    running_provider,
)

# As the provider: it prints how to reach it, and ends when interrupted.
PROVIDER = """\
#!/bin/sh
echo $$ > "$PID_FILE"
echo "Provider started. To attach Terraform CLI, set:"
echo "    {variable}='{{}}'"
sleep 60 & wait
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an initialised data folder with a provider that leaves its process id in `pid`."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PID_FILE", str(tmp_path / "pid"))
    program = tmp_path / "data/providers/host/hashicorp/aws/5.1.0/linux/terraform-provider-aws_v5"
    program.parent.mkdir(parents=True)
    program.write_text(PROVIDER.format(variable=VARIABLE))
    program.chmod(0o755)
    return tmp_path / "data"


def test_a_provider_runs_for_one_command(data: Path) -> None:
    # Given an initialised folder, when a command of Terraform is about to run
    with provider_for_one_command(data) as environment:
        # Then a provider runs, and the command's environment leads to it, but not this process's own
        process = Path("/proc") / data.with_name("pid").read_text().strip()
        assert process.exists()
        assert environment == {**os.environ, VARIABLE: "{}"}
        assert VARIABLE not in os.environ

    # And it has ended after the command
    assert not process.exists()


@pytest.mark.parametrize("program", ["#!/bin/sh\nexit 1\n", "no program"])
def test_a_provider_that_does_not_start_is_left_to_terraform(data: Path, program: str) -> None:
    # Given a provider that ends at once, or is no program
    next(data.glob("providers/*/*/*/*/*/*")).write_text(program)

    # When a command of Terraform is about to run, then it is left to start its own
    with provider_for_one_command(data) as environment:
        assert VARIABLE not in environment


def test_a_folder_that_is_not_initialised_has_no_provider(tmp_path: Path) -> None:
    # Given no data folder, when a provider is to run, then the fix is named
    with pytest.raises(ProviderError, match="terraform init"), running_provider(tmp_path, {}):
        pass


def test_a_provider_that_runs_already_is_used(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given an environment that leads to a provider
    monkeypatch.setenv(VARIABLE, "theirs")

    # When a command of Terraform is about to run, then it uses that one
    with provider_for_one_command(data) as environment:
        assert environment[VARIABLE] == "theirs"
    assert not data.with_name("pid").exists()
