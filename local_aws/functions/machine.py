"""What an execution environment is started with: this machine's part, and a function's."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

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
    """A function version laid out for one environment, in the folder `home` that goes with it.

    `task_root` is the unpacked zip, `opt` its layers, `code_sha256` the hash of that zip in base64, `variables` all
    that the function sees in its environment.
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
    """What every environment starts with: AWS's parts, namespaces if it may have them, and what starts commands.

    A cold start holds one of `init_slots` until its runtime is ready.
    """

    toolchain: Toolchain
    namespaces: Namespaces | None
    start: Start
    init_slots: threading.Semaphore

    def layout(self, task_root: Path, opt: Path) -> Layout:
        """Return where a function finds what is in these folders, and all the rest."""
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
        # The emulator's clock runs during init too: `environment` keeps the time, and ends before it.
        timeout = {"AWS_LAMBDA_FUNCTION_TIMEOUT": str(NO_TIMEOUT_S)}
        return self.start(command, task_root, {**unpacked.variables, **timeout})
