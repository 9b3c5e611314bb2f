"""Runs python-terraform's commands so that neither Terraform nor its provider outlives this process."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from python_terraform import Terraform

from local_aws.processes.supervised import run_supervised

Result = tuple[int, str, str]  # exit status, standard output, standard error


class SupervisedTerraform(Terraform):  # type: ignore[misc] # python-terraform ships no types
    """Terraform in a working folder. The library's own `cmd` leaves the provider running if this process is killed."""

    def cmd(
        self,
        cmd: str,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Result:
        """Run one of Terraform's commands, with the options that the library makes of keywords.

        `environment` replaces this process's own.
        """
        command = self.generate_cmd_string(cmd, *arguments, **options)
        try:
            done = run_supervised(command, Path(self.working_dir), environment)
        finally:
            self.temp_var_files.clean_up()
        return done.returncode, done.stdout, done.stderr
