"""Arguments that a person passes to Terraform: relative paths in them, and the state that they name."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.terminal import command_line

# Options of plan, apply and destroy that take a path, and those that take another value.
PATHS = ("var-file", "state", "state-out", "backup", "out", "generate-config-out")
VALUES = ("var", "target", "replace", "exclude", "parallelism", "lock-timeout")
NO_BACKUP = "-"  # what -backup takes instead of a path


def verb_and_arguments(
    description: str | None, examples: str, words: Sequence[str]
) -> tuple[str, list[str]]:
    """Return the verb of a command line and its arguments for Terraform, with absolute paths; --help exits."""
    parser = command_line.parser(description, examples)
    parser.usage = "%(prog)s [-h] {plan,apply,destroy} [TERRAFORM'S ARGUMENTS ...]"
    parser.add_argument("verb", choices=("plan", "apply", "destroy"))
    return parser.parse_args(words[:1]).verb, with_absolute_paths(words[1:], Path.cwd())


def with_absolute_paths(arguments: Sequence[str], folder: Path) -> list[str]:
    """Return the arguments with paths that are relative to `folder` made absolute, for a Terraform that runs elsewhere.

    A bare word is the path of a saved plan, as `terraform apply` takes it.
    """
    return [_join(name, value, folder) for name, value in _parsed(arguments)]


def state_path(arguments: Sequence[str]) -> Path | None:
    """Return the state file that the arguments name, if any."""
    named = [value for name, value in _parsed(arguments) if name == "state" and value]
    return Path(named[-1]) if named else None


def _join(name: str | None, value: str | None, folder: Path) -> str:
    if value is None:
        return f"-{name}"
    if (name is None or name in PATHS) and value != NO_BACKUP:
        value = os.path.abspath(folder / value)  # noqa: PTH100 - a link stays a link
    return value if name is None else f"-{name}={value}"


def _parsed(arguments: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Yield each option's name and value, as Go's flag package reads them: `-name=value`, `--name value` or `-name`."""
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith("-"):
            yield None, argument
            continue
        name, equals, value = argument.lstrip("-").partition("=")
        if not equals and name in (*PATHS, *VALUES):
            yield name, next(rest, None)
        else:
            yield name, value if equals else None
