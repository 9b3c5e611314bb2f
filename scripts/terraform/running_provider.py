"""A provider that runs once for many runs of Terraform, each of which would start it several times."""

import contextlib
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from local_aws.processes.linux import die_with_parent
from scripts.terminal.errors import UserError

PROGRAM = "providers/*/*/*/*/*/terraform-provider-aws_*"
# What the provider prints, under -debug, for Terraform's environment ("Debugging Providers").
_REATTACH = re.compile(r"TF_REATTACH_PROVIDERS='(.+)'")


class ProviderError(UserError):
    """The provider did not start."""


@contextlib.contextmanager
def running_provider(data: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Start the AWS provider of an initialised data folder (`.terraform`), for as long as a `with` block lasts.

    It sees AWS as `environment` describes it. Yields that environment with what makes Terraform use it.
    Raises ProviderError if it does not start.
    """
    program = next(data.glob(PROGRAM), None)
    if program is None:
        raise ProviderError(f"{data} has no AWS provider: run `terraform init` first.")
    with subprocess.Popen(
        [*die_with_parent("KILL"), str(program.resolve()), "-debug"],
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            found = next(filter(None, map(_REATTACH.search, process.stdout)), None)
            if found is None:
                raise ProviderError(f"{program} ended before it served.")
            yield {**environment, "TF_REATTACH_PROVIDERS": found[1]}
        finally:
            process.kill()
