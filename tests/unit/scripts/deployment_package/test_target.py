"""The zip is for the architecture and runtime that Terraform will deploy: Terraform itself is asked."""

import json
import re
from pathlib import Path

import pytest

from scripts import package
from scripts.deployment_package import target
from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.runtime import DEFAULT_RUNTIME, Runtime
from scripts.project.paths import ROOT

VARIABLES = """
variable "architecture" {
  type    = string
  default = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "runtime" {
  type    = string
  default = "python3.13"
}
"""
X86 = Runtime("x86_64", "3.13")


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the two variables."""
    (tmp_path / "variables.tf").write_text(VARIABLES)
    monkeypatch.setattr(target, "ROOT", tmp_path)
    for name in ("TF_VAR_architecture", "TF_VAR_runtime"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_without_values_it_is_the_variables_defaults_and_terraform_is_not_started(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given defaults other than ours, and no Terraform
    (checkout / "variables.tf").write_text(VARIABLES.replace('"arm64"', '"x86_64"', 1))
    monkeypatch.setenv("PATH", "/nowhere")

    # Then
    assert target.target_runtime() == X86
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("default", ['"x86_64" # our laptops', r'"\u007886_64"'])
def test_a_default_that_is_no_plain_string_is_left_to_terraform(
    checkout: Path, default: str
) -> None:
    # Given
    (checkout / "variables.tf").write_text(VARIABLES.replace('"arm64"', default, 1))

    # Then
    assert target.target_runtime() == X86


@pytest.mark.parametrize("name", ["architecture", "runtime"])
def test_a_variable_without_a_default_is_terraforms_to_refuse(checkout: Path, name: str) -> None:
    # Given one, and the default of another variable after it
    text = re.sub(rf'(variable "{name}" {{\n.*\n)  default .*\n', r"\1", VARIABLES)
    (checkout / "variables.tf").write_text(text + 'variable "team" {\n  default = "x"\n}\n')

    # Then
    with pytest.raises(PackageError, match="Terraform cannot evaluate the variables"):
        target.target_runtime()


def test_the_packagers_defaults_are_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given this repository's variables
    monkeypatch.setattr(target, "VALUES", ())
    monkeypatch.setattr(target, "ROOT", ROOT)

    # Then
    assert target.target_runtime() == DEFAULT_RUNTIME


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("terraform.tfvars", 'architecture = "x86_64"\nteam = "unicorns"\n'),
        ("terraform.tfvars.json", '{"architecture": "x86_64"}'),
        ("team.auto.tfvars", 'architecture = "x86_${64}"\n'),
        ("team.auto.tfvars.json", '{"architecture": "x86_64"}'),
    ],
)
def test_a_file_of_values_counts(checkout: Path, file: str, text: str) -> None:
    # Given
    (checkout / file).write_text(text)

    # Then
    assert target.target_runtime() == X86


@pytest.mark.parametrize(
    "arguments",
    [
        ["-var", "architecture=x86_64"],
        ["-var=architecture=x86_64"],
        ["--var=architecture=x86_64"],
        ["-auto-approve", "-target", "module.x", "-var", "architecture=x86_64", "-state=s"],
        ["-var-file=x86.tfvars"],
        ["-var-file", "x86.tfvars"],
        ["-var", "unknown=1", "-var", "architecture=x86_64"],
    ],
)
def test_the_arguments_of_an_apply_count(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    # Given a file that Terraform does not read by itself, and another value in one that it does
    (checkout / "x86.tfvars").write_text('architecture = "x86_64"\n')
    (checkout / "terraform.tfvars").write_text('architecture = "arm64"\n')
    monkeypatch.chdir(checkout)

    # Then
    assert target.target_runtime(arguments) == X86


def test_variables_of_the_shell_count_less_than_a_file(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    monkeypatch.setenv("TF_VAR_architecture", "x86_64")
    monkeypatch.setenv("TF_VAR_runtime", "python3.12")
    (checkout / "terraform.tfvars").write_text('runtime = "python3.11"\n')

    # Then
    assert target.target_runtime() == Runtime("x86_64", "3.11")


def test_what_is_meant_for_other_commands_of_terraform_is_not_passed_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given
    monkeypatch.setenv("TF_CLI_ARGS", "-no-color")
    monkeypatch.setenv("TF_WORKSPACE", "staging")

    # Then
    assert target.target_runtime() == Runtime("arm64", "3.13")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('architecture = "mips"\n', "architecture must be arm64 or x86_64."),
        ("architecture = \n", "Invalid expression"),
        ('runtime = "nodejs22.x"\n', "nodejs22.x on arm64, which cannot be packaged for"),
    ],
)
def test_values_that_cannot_be_used_are_refused_with_terraforms_message(
    checkout: Path, text: str, message: str
) -> None:
    # Given
    (checkout / "terraform.tfvars").write_text(text)

    # When
    with pytest.raises(PackageError) as refused:
        target.target_runtime()

    # Then
    assert message in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_without_terraform_values_are_not_read_and_that_is_reported(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given
    (checkout / "terraform.tfvars").write_text('architecture = "x86_64"\n')
    monkeypatch.setenv("PATH", "/nowhere")

    # Then
    assert target.target_runtime() == DEFAULT_RUNTIME
    assert "terraform is not on PATH" in capsys.readouterr().err


def test_the_command_packages_for_what_an_apply_with_these_arguments_deploys(
    source: Path, tmp_path: Path
) -> None:
    # When
    output = tmp_path / "build" / "function.zip"
    command = ["--source", str(source), "--output", str(output)]
    status = package.main([*command, "--", "-auto-approve", "-var", "architecture=x86_64"])

    # Then
    record = json.loads((tmp_path / "build" / "function.json").read_text())
    assert status == 0
    assert (record["architecture"], record["runtime"]) == ("x86_64", "python3.13")


def test_an_option_counts_more_than_a_variable(source: Path, tmp_path: Path) -> None:
    # When
    output = tmp_path / "build" / "function.zip"
    command = ["--source", str(source), "--output", str(output), "--python-version", "3.12"]
    status = package.main([*command, "--", "-var=architecture=x86_64"])

    # Then
    record = json.loads((tmp_path / "build" / "function.json").read_text())
    assert status == 0
    assert (record["architecture"], record["runtime"]) == ("x86_64", "python3.12")


def test_a_long_message_of_terraform_is_shown_to_its_end(checkout: Path) -> None:
    # Given two values of which the errors list a hundred legal ones
    legal = ", ".join(map(str, range(100)))
    declared = VARIABLES.replace("architecture must be arm64 or x86_64.", f"It must be {legal}.")
    other = declared.replace('"architecture"', '"other"').replace("var.architecture", "var.other")
    other = other.partition('variable "runtime"')[0]
    (checkout / "variables.tf").write_text(declared + other)
    (checkout / "terraform.tfvars").write_text('architecture = "mips"\nother = "mips"\n')

    # When
    with pytest.raises(PackageError) as refused:
        target.target_runtime()

    # Then one is shown, whole, with its place and without Terraform's frame
    _, error, place, value, *message = str(refused.value).splitlines()
    assert error == "Error: Invalid value for variable"
    assert place.startswith("on terraform.tfvars line ")
    assert value.endswith('= "mips"')
    assert " ".join(message) == f"It must be {legal}."
