"""What an execution environment is started with, of this machine and of a function."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local_aws.functions.bootstrap import EMULATORS_PROCESSORS
from local_aws.functions.emulator import Addresses, emulator_command
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.layout import Layout, lambda_layout, plain_layout
from local_aws.functions.namespaces import Namespaces
from local_aws.functions.toolchain import Toolchain
from local_aws.processes.tree import ProcessTree

Start = Callable[[Sequence[str], Path, Mapping[str, str]], ProcessTree]

NO_TIMEOUT_S = 24 * 60 * 60


@dataclass(frozen=True)
class UnpackedFunction:
    """A version of a function, unpacked into the folder `home` for one environment.

    `task_root` is the unpacked zip, `opt` its layers, `code_sha256` the hash of the zip in base64, and `variables` all
    environment variables of the function.
    """

    function: FunctionVersion
    home: Path
    task_root: Path
    opt: Path
    code_sha256: str
    log_stream: str
    variables: Mapping[str, str]


@dataclass(frozen=True)
class Machine:
    """What all environments share: AWS's parts, namespaces if they are available, and the function to start commands.

    A cold start holds one of `init_slots` until its runtime is ready.
    """

    toolchain: Toolchain
    namespaces: Namespaces | None
    start: Start
    init_slots: threading.Semaphore

    def layout(self, task_root: Path, opt: Path) -> Layout:
        """Return the paths for an unpacked zip and its layers in these folders, as the function sees them."""
        if self.namespaces:
            return lambda_layout(self.toolchain)
        return plain_layout(self.toolchain, task_root, opt)

    def start_emulator(self, unpacked: UnpackedFunction, addresses: Addresses) -> ProcessTree:
        """Start an emulator for the function at the addresses. Raises CommandStartError."""
        function, task_root, opt = unpacked.function, unpacked.task_root, unpacked.opt
        command = emulator_command(self.layout(task_root, opt), addresses, function)
        if self.namespaces:
            command = self.namespaces.enclose(
                command, self.toolchain, task_root, opt, function.ephemeral_storage_mb
            )
        name, processors = EMULATORS_PROCESSORS
        variables = {name: processors, **unpacked.variables}
        # The emulator's timeout includes init, so `environment` enforces the timeout itself.
        variables["AWS_LAMBDA_FUNCTION_TIMEOUT"] = str(NO_TIMEOUT_S)
        return self.start(command, task_root, variables)
