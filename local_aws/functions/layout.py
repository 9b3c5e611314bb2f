"""The paths of the parts of an execution environment, as the function sees them: AWS's, or this machine's."""

from dataclasses import dataclass
from pathlib import Path

from local_aws.functions.toolchain import Toolchain

# The folder of the interpreter, as in Lambda.
LANG = Path("/var/lang")
BOOTSTRAP = Path(__file__).with_name("bootstrap.py")


@dataclass(frozen=True)
class Layout:
    """The paths of the emulator, `bootstrap`, the interpreter, the runtime's packages, the zip and its layers.

    `path` and `library_path` are the variables PATH and LD_LIBRARY_PATH; `home` is HOME, which Lambda does not set.
    """

    emulator: Path
    bootstrap: Path
    python: Path
    runtime: Path
    task_root: Path
    opt: Path
    path: str
    library_path: str
    home: Path | None


def lambda_layout(toolchain: Toolchain) -> Layout:
    """Return Lambda's paths."""
    return Layout(
        emulator=Path("/var/rapid/aws-lambda-rie"),
        bootstrap=Path("/var/rapid/bootstrap.py"),
        python=LANG / "bin" / f"python{toolchain.interpreter.minor_version}",
        runtime=Path("/var/runtime"),
        task_root=Path("/var/task"),
        opt=Path("/opt"),
        path="/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
        library_path=(
            "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib"
        ),
        home=None,
    )


def plain_layout(toolchain: Toolchain, task_root: Path, opt: Path) -> Layout:
    """Return paths of this machine. HOME is the task root, so that SDKs do not read the developer's ~/.aws."""
    return Layout(
        emulator=toolchain.emulator,
        bootstrap=BOOTSTRAP,
        python=toolchain.python,
        runtime=toolchain.runtime,
        task_root=task_root,
        opt=opt,
        path=f"/usr/local/bin:/usr/bin:/bin:{opt}/bin",
        library_path=f"{toolchain.interpreter.libraries}:{task_root}:{task_root}/lib:{opt}/lib",
        home=task_root,
    )
