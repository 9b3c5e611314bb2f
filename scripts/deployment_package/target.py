"""Finds the runtime that the zip is for, which Terraform's variables name.

Where values are given, Terraform itself evaluates them, in a folder that holds only their declarations and values and
so needs no `terraform init`: see docs/decisions/what-the-zip-is-for.md.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import dropwhile, islice, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.runtime import DEFAULT_RUNTIME, MACHINES, Runtime
from scripts.project.paths import ROOT

DECLARATIONS = "variables.tf"
VALUES = ("terraform.tfvars", "terraform.tfvars.json", "*.auto.tfvars", "*.auto.tfvars.json")
# Options and a state meant for other commands than this one.
NOT_FOR_CONSOLE = ("TF_CLI_ARGS", "TF_DATA_DIR", "TF_LOG", "TF_WORKSPACE")
DECLARED = re.compile(r'^variable "([^"]+)"', re.MULTILINE)
# A default that is a plain string, where `terraform fmt` puts it.
DEFAULT = re.compile(
    r'^variable "([^"]+)" \{\n(?:  .*\n|\n)*?  default +=\s*"([^"\\$%]*)"\n', re.MULTILINE
)
VALUE_OPTION = re.compile(r"--?(var|var-file)(?:=(.*))?", re.DOTALL)
# A JSON object in a string, on a line of its own among warnings.
ANSWER = re.compile(r'^"\{.*\}"$', re.MULTILINE)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# Lines inside the frame of an error: what an expression refers to, and which rule it broke.
DETAIL = ("├", "│", "This was checked by the validation rule at ")
BLOCK = ("Error: ", "Warning: ")


def target_runtime(
    terraform_arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> Runtime:
    """Return the runtime of an apply with these arguments, in this environment (default: this process's own).

    Terraform's precedence holds: TF_VAR_* variables, terraform.tfvars, *.auto.tfvars, then -var and -var-file.
    Where none of them gives a value, it is the declared default, and Terraform is not started. Without variables.tf, or
    without Terraform on PATH, it is our own default. Raises PackageError with Terraform's message.
    """
    environment = os.environ if environment is None else environment
    declarations = ROOT / DECLARATIONS
    if not declarations.is_file():
        return DEFAULT_RUNTIME
    text = declarations.read_text(encoding="utf-8")
    declared = set(DECLARED.findall(text))
    asked = sorted(declared & {"architecture", "runtime"})
    options = list(_value_options(terraform_arguments, declared))
    defaults = dict(DEFAULT.findall(text))
    if not options and not _are_given(asked, environment) and defaults.keys() >= set(asked):
        return _runtime(defaults)
    if not shutil.which("terraform"):
        print(
            f"terraform is not on PATH to read its variables: packaging for {DEFAULT_RUNTIME}.\n"
            "Choose another with --architecture and --python-version.",
            file=sys.stderr,
        )
        return DEFAULT_RUNTIME
    return _runtime(_evaluate(asked, options, environment))


def _runtime(values: Mapping[str, str]) -> Runtime:
    architecture = values.get("architecture", DEFAULT_RUNTIME.architecture)
    name = values.get("runtime", DEFAULT_RUNTIME.name)
    version = re.fullmatch(r"python(3\.\d+)", name)
    if architecture not in MACHINES or not version:
        raise PackageError(
            f"The variables name {name} on {architecture}, which cannot be packaged for.\n"
            f"Use a runtime such as {DEFAULT_RUNTIME.name} on {' or '.join(sorted(MACHINES))}."
        )
    return Runtime(architecture, version[1])


def _value_options(arguments: Sequence[str], declared: set[str]) -> Iterator[str]:
    """Yield the options among Terraform's that give values to the declared variables, with absolute paths."""
    remaining = iter(arguments)
    for argument in remaining:
        option = VALUE_OPTION.fullmatch(argument)
        if not option:
            continue
        value = next(remaining, "") if option[2] is None else option[2]
        if option[1] == "var-file":
            yield f"-var-file={Path(value).absolute()}"
        elif value.partition("=")[0] in declared:
            yield f"-var={value}"


def _are_given(names: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether the environment gives a value to one of the variables, or a file may do so."""
    return any(f"TF_VAR_{name}" in environment for name in names) or any(
        any(ROOT.glob(pattern)) for pattern in VALUES
    )


def _evaluate(
    names: Sequence[str], options: Sequence[str], environment: Mapping[str, str]
) -> dict[str, str]:
    """Return the values of variables by name."""
    members = ", ".join(f"{name} = var.{name}" for name in names)
    with TemporaryDirectory() as folder:
        for pattern in (DECLARATIONS, *VALUES):
            for path in ROOT.glob(pattern):
                (Path(folder) / path.name).symlink_to(path)
        done = subprocess.run(
            ["terraform", "console", *options],  # noqa: S607 - on PATH, as a person calls it
            cwd=folder,
            env={k: v for k, v in environment.items() if not k.startswith(NOT_FOR_CONSOLE)},
            input=f"jsonencode({{{members}}})",
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    answer = ANSWER.search(done.stdout)
    error = _error(done.stderr + done.stdout)
    if answer is None or error:  # it answers with a value that fails its validation too
        raise PackageError(f"Terraform cannot evaluate the variables:\n{error or done.stderr}")
    return dict(json.loads(json.loads(answer[0])))


def _error(output: str) -> str:
    """Return the whole first error of Terraform's output: its message and the line of the value, without colours."""
    lines = [line.removeprefix("│").strip("╷╵ ") for line in COLOUR.sub("", output).splitlines()]
    error = dropwhile(lambda line: not line.startswith("Error: "), lines)
    first = [*islice(error, 1), *takewhile(lambda line: not line.startswith(BLOCK), error)]
    return "\n".join(line for line in first if line and not line.startswith(DETAIL))
