"""The repository's configuration on a local AWS: its files linked into a working folder, its state separate."""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from python_terraform import IsFlagged

from scripts.project.paths import LOCAL, LOCK_FILE, ROOT
from scripts.terminal.errors import UserError
from scripts.terraform import kept_inits
from scripts.terraform.arguments import state_path
from scripts.terraform.program import require_terraform
from scripts.terraform.provider_mirror import find_mirror
from scripts.terraform.running_provider import provider_for_one_command
from scripts.terraform.supervised_terraform import SupervisedTerraform

CONFIGURATION = ("*.tf", "*.tf.json", "*.tfvars", "*.tfvars.json", "modules")
# Read after every other override file, so that no configured backend or HCP workspace can hold a local run's state.
BACKEND_OVERRIDE = "zz_local_state_override.tf"
LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'
# Exit statuses of `terraform plan -detailed-exitcode`.
EMPTY_PLAN, PLAN_WITH_CHANGES = 0, 2
NO_STATE: dict[str, Any] = {"outputs": {}, "resources": []}
# How the local AWS refuses what it lacks, and what to do about it.
NOT_OFFERED = "The local AWS does not offer"
LEAVE_OUT = (
    "Leave that resource out of a local apply, by a variable or with -target, or deploy to AWS; "
    "local_aws/README.md says what the local AWS offers."
)
# How Terraform reports that another Terraform has the state.
STATE_LOCKED = "Error acquiring the state lock"
BUSY = "another run is changing this stack: run this again when it has finished"
# The lines of an apply or a destroy that report its progress, before its warnings, counts and outputs.
PROGRESS = re.compile(
    r"^\S[^=]*: (Refreshing state|Reading|Creat|Modify|Destroy|Still |Modifications |Destruction |Read )"
)


class StackError(UserError):
    """Terraform failed; the message is its own."""


class LocalStack:
    """The configuration in a working folder of its own.

    Every call runs Terraform in this process's environment, which must be isolated (`isolation.enter`). `arguments`
    are a person's own for Terraform, with absolute paths.
    """

    def __init__(self, folder: Path, arguments: Sequence[str] = ()) -> None:
        self.folder = folder
        self._arguments = arguments
        self._terraform = SupervisedTerraform(working_dir=str(folder))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs out of the folder for a `with` block; raises StackError if there is one already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".run.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StackError(f"{BUSY}.") from None
            yield

    def init(self) -> Path | None:
        """Link the configuration and initialise it, or link an earlier init; returns the provider mirror, if any."""
        require_terraform()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._link_configuration()
        mirror = find_mirror(LOCK_FILE)
        kept = kept_inits.kept_init(LOCAL / "initialised", _read_by_init(), mirror)
        if kept_inits.link(kept, self.folder):
            return mirror
        options: dict[str, Any] = {"plugin_dir": str(mirror)} if mirror else {}
        if not mirror and "TF_PLUGIN_CACHE_DIR" not in os.environ:
            cache = LOCAL / "providers"
            cache.mkdir(parents=True, exist_ok=True)
            os.environ["TF_PLUGIN_CACHE_DIR"] = str(cache)
        self._run("init", **options)
        kept_inits.keep(kept, self.folder)
        return mirror

    def apply(self, **variables: Any) -> str:
        """Apply without asking; returns Terraform's warnings, counts and outputs.

        Raises StackError with Terraform's message.
        """
        return self._change("apply", variables)

    def destroy(self, **variables: Any) -> str:
        """Destroy without asking; returns Terraform's warnings and counts.

        Raises StackError with Terraform's message.
        """
        return self._change("destroy", variables)

    def plan(self) -> tuple[int, str]:
        """Plan; returns Terraform's exit status and the plan as text. Raises StackError with Terraform's message."""
        return self._run("plan", *self._arguments, good=(EMPTY_PLAN, PLAN_WITH_CHANGES))

    def plan_is_empty(self, **variables: Any) -> bool:
        """Whether a plan has nothing to change. Raises StackError with Terraform's message."""
        options = {"detailed_exitcode": IsFlagged, "var": variables or None}
        status, _ = self._run("plan", good=(EMPTY_PLAN, PLAN_WITH_CHANGES), **options)
        return status == EMPTY_PLAN

    def outputs(self) -> dict[str, Any]:
        """Return every output's value by name; from the state file, which takes half a second less than asking."""
        return {name: output["value"] for name, output in self.state()["outputs"].items()}

    def resources(self) -> list[dict[str, Any]]:
        """Return the managed resources of the state, as the state file has them."""
        return [item for item in self.state()["resources"] if item["mode"] == "managed"]

    def source_code_hash(self, function: str) -> str:
        """Return what the state records as the code of a function, by its name: SHA-256 in base64."""
        (code,) = (
            instance["attributes"]["source_code_hash"]
            for item in self.resources()
            if item["type"] == "aws_lambda_function"
            for instance in item["instances"]
            if instance["attributes"]["function_name"] == function
        )
        return str(code)

    def state(self) -> Any:
        """Return the state, as Terraform's state file has it: `outputs` and `resources`."""
        state = state_path(self._arguments) or self.folder / "terraform.tfstate"
        return json.loads(state.read_text(encoding="utf-8")) if state.exists() else NO_STATE

    def _link_configuration(self) -> None:
        for old in self.folder.iterdir():
            if old.is_symlink():
                old.unlink()
        for pattern in CONFIGURATION:
            for path in ROOT.glob(pattern):
                (self.folder / path.name).symlink_to(path)
        (self.folder / "build").symlink_to(ROOT / "build")
        (self.folder / BACKEND_OVERRIDE).write_text(LOCAL_BACKEND, encoding="utf-8")
        shutil.copyfile(LOCK_FILE, self.folder / LOCK_FILE.name)

    def _change(self, command: str, variables: dict[str, Any]) -> str:
        options = {"auto_approve": IsFlagged, "var": variables or None}
        _, out = self._run(command, *self._arguments, **options)
        return _after_progress(out)

    def _run(
        self, command: str, *arguments: str, good: tuple[int, ...] = (0,), **options: Any
    ) -> tuple[int, str]:
        """Run a command of Terraform; returns its exit status and output. Raises StackError."""
        with self._environment_of(command) as environment:
            status, out, err = self._terraform.cmd(
                command,
                *arguments,
                environment=environment,
                input=False,
                no_color=IsFlagged,
                **options,
            )
        if status not in good:
            raise StackError(_with_fix((err or out).strip()))
        return status, out

    def _environment_of(self, command: str) -> AbstractContextManager[Mapping[str, str]]:
        if command == "init":
            return nullcontext(os.environ)
        return provider_for_one_command(self.folder / kept_inits.DATA)


def _with_fix(message: str) -> str:
    """Return Terraform's message with what a person can do, where that is known."""
    if STATE_LOCKED in message:
        return f'{BUSY}, or let Terraform wait for it with ARGS="-lock-timeout=60s".'
    return f"{message}\n\n{LEAVE_OUT}" if NOT_OFFERED in message else message


def _after_progress(output: str) -> str:
    lines = output.splitlines()
    last = max((number for number, line in enumerate(lines) if PROGRESS.match(line)), default=-1)
    return "\n".join(lines[last + 1 :]).strip()


def _read_by_init() -> list[Path]:
    own = [path for pattern in ("*.tf", "*.tf.json") for path in ROOT.glob(pattern)]
    return [*own, *ROOT.glob("modules/**/*.tf"), LOCK_FILE]
