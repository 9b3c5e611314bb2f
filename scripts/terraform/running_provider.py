"""A provider that runs for whole commands of Terraform, each of which would start it for every one of its walks.

A plan starts it twice and an apply three times, and each command first computes the checksum of its 700 MB. One that
is kept over several commands of a person would save another second of processor time each, for 600 MB of memory while
nothing happens: only tests keep one.
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
# What makes Terraform use a provider that runs; which the provider prints, under -debug ("Debugging Providers").
VARIABLE = "TF_REATTACH_PROVIDERS"
_REATTACH = re.compile(rf"{VARIABLE}='(.+)'")


class ProviderError(UserError):
    """The provider did not start."""


@contextlib.contextmanager
def running_provider(data: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Start the AWS provider of an initialised data folder (`.terraform`), for as long as a `with` block lasts.

    It sees AWS as `environment` describes it, which must be the environment of what uses it. Yields that environment
    with what makes Terraform use it. Raises ProviderError if it does not start.
    """
    program = next(data.glob(PROGRAM), None)
    if program is None:
        raise ProviderError(f"{data} has no AWS provider: run `terraform init` first.")
    with subprocess.Popen(
        # If this process is killed, Terraform still has a provider to end its work with.
        [*die_with_parent("TERM"), *SUPERVISE, LINGER, str(program.resolve()), "-debug"],
        # Paths in the configuration, such as that of the zip, are relative to the checkout.
        cwd=ROOT,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        # So it has on Ctrl-C.
        process_group=0,
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            found = next(filter(None, map(_REATTACH.search, process.stdout)), None)
            if found is None:
                raise ProviderError(f"{program} ended before it served.")
            yield {**environment, VARIABLE: found[1]}
        finally:
            process.send_signal(signal.SIGINT)


@contextlib.contextmanager
def provider_for_one_command(data: Path) -> Iterator[Mapping[str, str]]:
    """Yield this process's environment, with a provider that runs for a `with` block; without, if it does not start."""
    with contextlib.ExitStack() as started:
        environment: Mapping[str, str] = os.environ
        if VARIABLE not in os.environ:
            with contextlib.suppress(ProviderError, OSError):
                environment = started.enter_context(running_provider(data, os.environ))
        yield environment
