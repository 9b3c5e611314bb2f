"""Runs the provider once for a whole command of Terraform, which would otherwise start it several times.

A plan starts it twice and an apply three times, and each command first computes the checksum of its 700 MB. Keeping one
between a person's commands would save another second of processor time for each, but take 600 MB of memory all the
time: only tests do that.
"""

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from local_aws.processes.linux import die_with_parent
from local_aws.processes.supervise import LINGER, SUPERVISE
from scripts.project.paths import ROOT
from scripts.terminal.errors import UserError

PROGRAM = "providers/*/*/*/*/*/terraform-provider-aws_*"
# Makes Terraform use a running provider, which prints the value when started with -debug ("Debugging Providers").
VARIABLE = "TF_REATTACH_PROVIDERS"
_REATTACH = re.compile(rf"{VARIABLE}='(.+)'")


class ProviderError(UserError):
    """The provider did not start."""


@contextlib.contextmanager
def running_provider(data: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Start the AWS provider of an initialised data folder (`.terraform`), for as long as a `with` block lasts.

    It runs in `environment`, which must be that of the Terraform that uses it. Yields this environment, with the
    variable that makes Terraform use the provider. Raises ProviderError if it does not start.
    """
    program = next(data.glob(PROGRAM), None)
    if program is None:
        raise ProviderError(f"{data} has no AWS provider: run `terraform init` first.")
    with subprocess.Popen(
        # If this process is killed, Terraform still needs the provider to finish its work.
        [*die_with_parent("TERM"), *SUPERVISE, LINGER, str(program.resolve()), "-debug"],
        # Paths in the configuration, such as that of the zip, are relative to the checkout.
        cwd=ROOT,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        # Ctrl-C must not reach the provider before Terraform has finished.
        process_group=0,
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            reattach = next(filter(None, map(_REATTACH.search, process.stdout)), None)
            if reattach is None:
                raise ProviderError(f"{program} ended before it was ready.")
            yield {**environment, VARIABLE: reattach[1]}
        finally:
            process.send_signal(signal.SIGINT)


@contextlib.contextmanager
def provider_for_one_command(data: Path) -> Iterator[Mapping[str, str]]:
    """Yield this process's environment, with a running provider for a `with` block unless it fails to start."""
    with contextlib.ExitStack() as started:
        environment: Mapping[str, str] = os.environ
        if VARIABLE not in os.environ:
            with contextlib.suppress(ProviderError, OSError):
                environment = started.enter_context(running_provider(data, os.environ))
        yield environment
