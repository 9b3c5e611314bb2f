"""Prepares functions that are measured without Lambda's API: unpacked, compiled, with their environment variables."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.commands import run
from benchmarks.stand_in import IDEMPOTENCY, RIDES
from local_aws.client_environment import CREDENTIALS
from local_aws.functions.credentials import Credentials
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.layout import Layout
from local_aws.functions.namespaces import Namespaces, NamespacesError, find_namespaces
from local_aws.functions.toolchain import Toolchain, find_toolchain
from local_aws.functions.unpack import unpack
from local_aws.functions.variables import function_variables
from scripts.deployment_package.build import build

HANDLERS = Path(__file__).with_name("handlers")
RUNTIME = "python3.13"
TIMEOUT_S = 30
MEMORY_MB = 1024  # the emulator gives every function the whole processor; this is only a limit
# What a virtual environment has besides the packages it was made for.
VENVS_OWN = (
    "pip*",
    "setuptools*",
    "pkg_resources",
    "_distutils_hack",
    "distutils-*",
    "__pycache__",
)


@dataclass(frozen=True)
class Sandbox:
    """AWS's own parts, and the endpoint of the AWS that functions see."""

    toolchain: Toolchain
    endpoint: str
    namespaces: Namespaces | None = None

    @classmethod
    def of(cls, endpoint: str) -> "Sandbox":
        """Return a sandbox with the runtime's Python and with namespaces, where this machine has them."""
        toolchain = find_toolchain().for_runtime(RUNTIME)
        try:
            return cls(toolchain, endpoint, find_namespaces(toolchain))
        except NamespacesError:
            return cls(toolchain, endpoint)

    def function(self, handler: str) -> FunctionVersion:
        """Return a function's description, configured as Terraform configures ours."""
        return FunctionVersion(
            account="123456789012",
            region=CREDENTIALS["AWS_REGION"],
            name="RequestUnicorn",
            version="$LATEST",
            handler=handler,
            runtime=RUNTIME,
            role_arn="arn:aws:iam::123456789012:role/WildRydesLambda",
            memory_mb=MEMORY_MB,
            timeout_s=TIMEOUT_S,
            variables=(("IDEMPOTENCY_TABLE", IDEMPOTENCY), ("RIDES_TABLE", RIDES)),
            log_group="/aws/lambda/RequestUnicorn",
            log_format="JSON",
            application_log_level="INFO",
            system_log_level="INFO",
            code_sha256="",
            code=b"",
            reserved_concurrency=None,
        )

    def variables(
        self, handler: str, layout: Layout, *, with_ca: bool = False
    ) -> Mapping[str, str]:
        """Return the environment variables of a function whose files are laid out as `layout` says.

        `with_ca` says that there is a CA file in its layer.
        """
        credentials = Credentials(
            CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"], ""
        )
        variables = function_variables(
            self.function(handler),
            credentials,
            "stream",
            layout,
            self.endpoint,
        )
        return {**variables, "AWS_CA_BUNDLE": f"{layout.opt}/ca.pem"} if with_ca else variables


def unpack_ours(folder: Path, python: Path) -> None:
    """Build the zip that is deployed, unpack it into `folder`, and compile it for the Python that runs it."""
    unpack(build(output=folder.with_suffix(".zip")).path.read_bytes(), folder)
    _compile(folder, python)


def unpack_peers(folder: Path, python: Path, venv: Path | None = None) -> None:
    """Copy the peers' handlers into `folder`, with the packages of a virtual environment if one is given."""
    shutil.copytree(HANDLERS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    if venv:
        (packages,) = venv.glob("lib/python*/site-packages")
        shutil.copytree(
            packages, folder, ignore=shutil.ignore_patterns(*VENVS_OWN), dirs_exist_ok=True
        )
    _compile(folder, python)


def _compile(folder: Path, python: Path) -> None:
    run([str(python), "-m", "compileall", "-q", str(folder)], folder)
