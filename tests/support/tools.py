"""Independent programs, each in a virtual environment of its own under .local/, and how a test runs them."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.environments.virtual_environment import install
from scripts.project.paths import LOCAL
from scripts.session.isolation import local_environment


@dataclass(frozen=True)
class Done:
    """How a program ended."""

    status: int
    out: str
    err: str

    @property
    def parsed(self) -> Any:
        """What it printed, as JSON."""
        assert self.status == 0, self.err
        return json.loads(self.out)


@dataclass(frozen=True)
class Tool:
    """A program, with an environment that leads to a local AWS and to nothing of the person's."""

    program: Path
    endpoint: str
    home: Path
    more: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str | Path) -> Done:
        """Run it to its end."""
        environment = {**local_environment(self.endpoint, os.environ), "HOME": str(self.home)}
        done = subprocess.run(
            [str(self.program), *map(str, arguments)],
            cwd=self.home,
            env={**environment, **self.more},
            capture_output=True,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)


def installed(lock: str, program: str) -> Path:
    """Install what a lock file of requirements/ names, unless that is done; return a program of it."""
    venv = LOCAL / lock
    install(lock, venv)
    return venv / "bin" / program
