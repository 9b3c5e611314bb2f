"""Deploys a package without Terraform: packaged as always, compiled, and uploaded with UpdateFunctionCode."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

from botocore.exceptions import ClientError

from scripts.deployment_package.build import build
from scripts.deployment_package.packaged import Package
from scripts.deployment_package.syntax import compile_all
from scripts.project.packages import TUTORIAL_PACKAGE, ProjectPackage
from scripts.terminal.errors import UserError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import FunctionConfigurationResponseTypeDef

# How often, and how many times, an update is tried while Lambda is still busy with the previous one.
UPDATE_POLL_S = 0.1
UPDATE_LIMIT = 100


class UploadError(UserError):
    """Lambda did not take the zip."""


@dataclass(frozen=True)
class Update:
    """What Lambda now runs: the zip's SHA-256 in base64, and what changed in it.

    `changes` names files of the zip: `changed.py`, `+added.py`, `-removed.py`.
    """

    sha256_base64: str
    changes: tuple[str, ...]


class LiveCode:
    """The code of one function, which was made from the zip on disk of `project`.

    `package` makes each new zip at `staging`; once Lambda has it, it becomes the zip on disk. Terraform compares the
    zip on disk with its state, not with Lambda, so its next plan updates the function to the code that it already runs.
    """

    def __init__(
        self,
        function: str,
        functions: "LambdaClient",
        staging: Path,
        package: Callable[..., Package] = build,
        project: ProjectPackage = TUTORIAL_PACKAGE,
    ) -> None:
        self._function = function
        self._functions = functions
        self._staging = staging
        self._package = package
        self._project = project
        self._checksums = _checksums(project.zip)

    def update(self) -> Update:
        """Make Lambda run the folder's current code, by "UpdateFunctionCode" (AWS Lambda API Reference).

        Returns when requests run it: during the update they still run the old code.

        Raises PackageError, SourceError, UploadError, or botocore's ClientError or BotoCoreError; until UploadError
        the previous code still answers.
        """
        built = self._package(self._project.folder, self._staging)
        checksums = _checksums(built.path)
        touched = {name for name, _ in self._checksums.items() ^ checksums.items()}
        compile_all(built.path, touched & checksums.keys(), self._project.folder)
        answer = self._upload(built.path.read_bytes())
        if answer["CodeSha256"] != built.sha256_base64:
            raise UploadError(
                f"Lambda holds {answer['CodeSha256']}, not {built.sha256_base64} as uploaded."
            )
        self._wait_until_updated()
        built.move_to(self._project.zip)
        changes = tuple(
            f"{'-' if name not in checksums else '' if name in self._checksums else '+'}{name}"
            for name in sorted(touched)
        )
        self._checksums = checksums
        return Update(built.sha256_base64, changes)

    def _upload(self, code: bytes) -> "FunctionConfigurationResponseTypeDef":
        """Update the function's code, once Lambda has finished the previous update."""
        for _ in range(UPDATE_LIMIT):
            try:
                return self._functions.update_function_code(
                    FunctionName=self._function, ZipFile=code
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceConflictException":
                    raise
            time.sleep(UPDATE_POLL_S)
        raise UploadError(f"An update of {self._function} does not finish.")

    def _wait_until_updated(self) -> None:
        """Wait for the update; raises botocore's WaiterError, a BotoCoreError, if it does not end or fails."""
        self._functions.get_waiter("function_updated_v2").wait(
            FunctionName=self._function,
            WaiterConfig={"Delay": UPDATE_POLL_S, "MaxAttempts": UPDATE_LIMIT},  # type: ignore[typeddict-item] # botocore sleeps fractions too
        )


def _checksums(archive: Path) -> dict[str, int]:
    with ZipFile(archive) as members:
        return {member.filename: member.CRC for member in members.infolist()}
