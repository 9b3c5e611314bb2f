"""How long our function takes to package: with scripts/package.py, `sam build` and `chalice package`."""

import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.commands import run
from benchmarks.rounds import Series, interleaved
from scripts import package
from scripts.deployment_package.source import is_left_out
from scripts.project.paths import FUNCTION

WARM_UPS = 1
SCRIPT = Path(package.__file__)
SAM_TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  RequestUnicorn:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: function
      Handler: request_unicorn.handler
      Runtime: python3.13
"""
CHALICE_CONFIG = '{"version": "2.0", "app_name": "wild-rydes", "stages": {"dev": {}}}'
CHALICE_APP = """\
from chalice import Chalice

app = Chalice(app_name="wild-rydes")


@app.lambda_function(name="RequestUnicorn")
def ride(event, context):
    from request_unicorn import handler

    return handler(event, context)
"""


@dataclass(frozen=True)
class Packager:
    """A command that packages our function in `folder`, the paths that it creates there, and its result."""

    label: str
    folder: Path
    command: Sequence[str]
    made: Sequence[str]
    delivered: str

    def once(self) -> float:
        """Package without earlier results; returns milliseconds for the whole process."""
        for name in self.made:
            shutil.rmtree(self.folder / name, ignore_errors=True)
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder),
            "AWS_DEFAULT_REGION": "us-east-1",
            "SAM_CLI_TELEMETRY": "0",
        }
        begun = time.perf_counter()
        run(self.command, self.folder, environment)
        return (time.perf_counter() - begun) * 1000

    @property
    def size(self) -> int:
        """The size of the result, in bytes."""
        files = [self.folder / self.delivered, *(self.folder / self.delivered).rglob("*")]
        return sum(file.stat().st_size for file in files if file.is_file())


def packagers(folder: Path, venvs: Path) -> dict[str, Packager]:
    """Lay out our function as each packager needs it; `venvs` has the other tools' virtual environments."""
    ours, sam, chalice = (folder / name for name in ("ours", "sam", "chalice"))
    _copy_function(ours / "function")
    _copy_function(sam / "function")
    (sam / "template.yaml").write_text(SAM_TEMPLATE)
    _copy_function(chalice / "vendor")
    (chalice / ".chalice").mkdir()
    (chalice / ".chalice" / "config.json").write_text(CHALICE_CONFIG)
    (chalice / "app.py").write_text(CHALICE_APP)
    (chalice / "requirements.txt").touch()
    zip_file = "build/function.zip"
    return {
        "ours": Packager(
            "**ours**",
            ours,
            [sys.executable, str(SCRIPT), "--source", "function", "--output", zip_file],
            ("build",),
            zip_file,
        ),
        "sam": Packager(
            "`sam build`",
            sam,
            [str(venvs / "sam/bin/sam"), "build"],
            (".aws-sam",),
            ".aws-sam/build/RequestUnicorn",
        ),
        "chalice": Packager(
            "`chalice package`",
            chalice,
            [str(venvs / "chalice/bin/chalice"), "package", "out"],
            ("out", ".chalice/deployments"),
            "out/deployment.zip",
        ),
    }


def measure(made_by: dict[str, Packager], rounds: int) -> dict[str, Series]:
    """Package `rounds` times with each, side by side; milliseconds."""
    taken = interleaved(
        {key: partial(Packager.once, one) for key, one in made_by.items()}, rounds, WARM_UPS
    )
    return {
        f"package.{key}": Series(made_by[key].label, "ms", values) for key, values in taken.items()
    }


def _copy_function(folder: Path) -> None:
    shutil.copytree(
        FUNCTION,
        folder,
        ignore=lambda _, names: [name for name in names if is_left_out(Path(name))],
    )
