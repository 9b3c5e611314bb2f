"""Where this checkout was deployed, and which deployment `invoke` and `monitor` use.

Each apply (`make apply`, `make local-apply`, and `make dev` while it runs) is remembered in `.local/applied.json`: a
list of objects, the last apply last, each with `endpoint` (of a local AWS, or null for AWS), `region`, `function`,
`dashboard`, and `functions` by their packages. A destroy forgets it.

`follow` takes the last of them that the environment does not contradict:

1. AWS_ENDPOINT_URL, if it is set, names the place: a local AWS or, if it is empty, AWS.
2. AWS_REGION, if it is set, names the region in AWS.
3. What neither of them names is taken from the apply. A local AWS is then called with its own credentials.

If no apply is left, the environment decides: AWS is called, with a note. While a local AWS of this checkout is running,
AWS is called only if AWS_ENDPOINT_URL is empty. --function takes precedence over the apply's function.
"""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError

from scripts.project.packages import TUTORIAL
from scripts.project.paths import LOCAL
from scripts.session import isolation, running
from scripts.terminal.errors import UserError
from scripts.terminal.printable import printable
from scripts.terraform.functions_in import functions_in
from scripts.terraform.place import region_of

FILE = LOCAL / "applied.json"
DEFAULT_FUNCTION = "RequestUnicorn"


class NothingAppliedError(UserError):
    """Nothing of the kind was deployed from this checkout, and the environment names nothing else."""


@dataclass(frozen=True)
class Applied:
    """One deployment: its place, and the names that `invoke` and `monitor` need.

    `functions` has the names of all its functions by their packages, such as {"page": "RequestUnicornPage"}.
    """

    endpoint: str | None
    region: str
    function: str
    dashboard: str
    functions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, endpoint: str | None, region: str, state: Mapping[str, Any]) -> "Applied | None":
        """Take the names from a state of Terraform; None if it has no output `function_name`."""
        outputs = {name: output["value"] for name, output in state.get("outputs", {}).items()}
        if "function_name" not in outputs:
            return None
        function = str(outputs["function_name"])
        dashboard = str(outputs.get("dashboard_name", function))
        return cls(endpoint, region, function, dashboard, functions_in(state))

    def is_named_by(self, environ: Mapping[str, str]) -> bool:
        """Whether the variables of an environment that name a place or a region, if any, name this one's."""
        endpoint = environ.get("AWS_ENDPOINT_URL")
        if endpoint is not None and _port(endpoint) != _port(self.endpoint or ""):
            return False
        return bool(self.endpoint) or environ.get("AWS_REGION") in (None, "", self.region)


def remember(applied: Applied) -> None:
    """Remember an apply as the last."""
    _write([*(old for old in _read() if _key(old) != _key(applied)), applied])


def forget(endpoint: str | None, function: str) -> None:
    """Forget the applies of a function to a local AWS or, without an endpoint, to AWS."""
    _write([old for old in _read() if (old.endpoint, old.function) != (endpoint, function)])


@contextlib.contextmanager
def remembered(endpoint: str, state: Mapping[str, Any]) -> Iterator[Applied]:
    """Remember the state of an apply to a local AWS for as long as a `with` block lasts."""
    applied = Applied.of(endpoint, os.environ["AWS_REGION"], state)
    if not applied:
        raise NothingAppliedError("the configuration has no output function_name: put it back.")
    remember(applied)
    try:
        yield applied
    finally:
        forget(endpoint, applied.function)


def follow(function: str | None = None) -> Applied | None:
    """Point this process's environment at the last apply that it does not contradict, and return that apply.

    Prints a note on stderr unless the environment named the place itself; `function` is what --function names.
    Raises NothingAppliedError.
    """
    applies = _read()
    applied = next((one for one in reversed(applies) if one.is_named_by(os.environ)), None)
    if not applied:
        if not applies:
            _require_a_place(DEFAULT_FUNCTION if function is None else function)
        return None
    if applied.endpoint and not os.environ.get("AWS_ENDPOINT_URL"):
        print(f"The last apply went to the local AWS at {applied.endpoint}.", file=sys.stderr)
        isolation.enter(applied.endpoint)
    elif not os.environ.get("AWS_REGION"):
        if not applied.endpoint:
            print(f"The last apply went to {applied.region}.", file=sys.stderr)
        os.environ["AWS_REGION"] = applied.region
    return applied


def _require_a_place(function: str) -> None:
    """Print a note that the function will be called in AWS; raise NothingAppliedError if that is probably a mistake."""
    if any(name.startswith("AWS_ENDPOINT_URL") for name in os.environ):
        return
    if local := running.endpoints():
        raise NothingAppliedError(
            f"nothing is deployed from this checkout: make local-apply deploys to the local AWS at {local[0]}.\n"
            "If you mean AWS, set AWS_ENDPOINT_URL to nothing: put AWS_ENDPOINT_URL= in front of the command."
        )
    try:
        region = region_of(os.environ)
    except BotoCoreError:
        # The clients say what is wrong with the profile.
        return
    if not region:
        raise NothingAppliedError(
            "nothing is deployed from this checkout: make local-apply or make apply first.\n"
            "For a function in AWS that was deployed elsewhere, set AWS_REGION."
        )
    print(
        f"No apply of this checkout is left: calling {printable(function)} in AWS, {region}.",
        file=sys.stderr,
    )


def function_of(applied: Applied | None, package: str = TUTORIAL) -> str:
    """Return the name of the function that an apply made of a package or, without an apply, the tutorial's.

    Raises NothingAppliedError if the apply has no function of that package.
    """
    if package == TUTORIAL:
        return applied.function if applied else DEFAULT_FUNCTION
    if applied and package in applied.functions:
        return applied.functions[package]
    place = "The last apply has no function" if applied else "No apply is left that made a function"
    raise NothingAppliedError(
        f"{place} of {package}/: name one with --function, or deploy it.\n"
        f'What the front door needs, such as page/, comes with ARGS="-var front_door=true", or with make play.'
    )


def _key(applied: Applied) -> tuple[str | None, str, str]:
    return applied.endpoint, applied.region, applied.function


def _port(endpoint: str) -> int | None:
    """Return the port, which identifies a local AWS: `localhost` and `127.0.0.1` are the same place."""
    try:
        return urlsplit(endpoint).port
    except ValueError:
        # Not a URL; the clients say so.
        return None


def _read() -> list[Applied]:
    try:
        return [Applied(**entry) for entry in json.loads(FILE.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        # Not written yet, or by another version of this file.
        return []


def _write(applies: list[Applied]) -> None:
    if not applies:
        FILE.unlink(missing_ok=True)
        return
    FILE.parent.mkdir(parents=True, exist_ok=True)
    new = FILE.with_name(f"{FILE.name}.{os.getpid()}")
    new.write_text(
        json.dumps([asdict(applied) for applied in applies], indent=2) + "\n", encoding="utf-8"
    )
    new.replace(FILE)
