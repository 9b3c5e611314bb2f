"""AWS's Runtime Interface Emulator, extracted from the AWS SAM CLI's wheel."""

import platform
import tempfile
import zipfile
from pathlib import Path

from scripts.environments.errors import InstallError
from scripts.environments.installer import LOCKED, pip
from scripts.project.paths import VENV

# Where `local_aws.functions.toolchain` looks for AWS's own parts.
FOLDER = VENV / "local-aws"
EMULATOR = "samcli/local/rapid/aws-lambda-rie-{}"
MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


def install_emulator(lock: Path) -> None:
    """Download the locked wheel and keep its one binary. Raises InstallError."""
    machine = MACHINES.get(platform.machine().lower())
    if machine is None:
        raise InstallError(
            f"AWS has no Runtime Interface Emulator for {platform.machine()}: use x86_64 or arm64."
        )
    with tempfile.TemporaryDirectory() as folder:
        pip(VENV, "download", "--only-binary=:all:", "--dest", folder, *LOCKED, str(lock))
        (wheel,) = Path(folder).glob("*.whl")
        FOLDER.mkdir(exist_ok=True)
        binary = FOLDER / "aws-lambda-rie"
        with zipfile.ZipFile(wheel) as archive:
            binary.write_bytes(archive.read(EMULATOR.format(machine)))
        binary.chmod(0o755)
