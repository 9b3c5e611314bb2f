"""Cold starts: unpacks a version of a function into a new folder, and starts an execution environment there."""

import os
import shutil
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

from local_aws.code_hash import code_sha256
from local_aws.functions.credentials import assume_role
from local_aws.functions.environment import ExecutionEnvironment
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.logs import log_stream_name
from local_aws.functions.machine import Machine, UnpackedFunction
from local_aws.functions.namespaces import Namespaces
from local_aws.functions.toolchain import Toolchain
from local_aws.functions.unpack import unpack
from local_aws.functions.variables import function_variables
from local_aws.processes.tree import Keepers


class ColdStarts:
    """Starts execution environments, in folders in `work`; `endpoint` is that of the local AWS, for functions."""

    def __init__(
        self, toolchain: Toolchain, namespaces: Namespaces | None, work: Path, endpoint: str
    ) -> None:
        self._work = work
        self._endpoint = endpoint
        self._keepers = Keepers()
        # Init has a time limit, which cold starts would exceed if more of them ran at once than there are processors.
        init_slots = threading.BoundedSemaphore(os.cpu_count() or 1)
        self._machine = Machine(toolchain, namespaces, self._keepers.start, init_slots)
        # The runtimes whose Python this machine lacks and that have been reported.
        self._replaced: set[str] = set()

    def start(self, function: FunctionVersion) -> ExecutionEnvironment:
        """Start an environment; if that fails, nothing of it remains.

        Raises EnvironmentStartError, BadZipError, and OSError where the disk is full.
        """
        home = Path(tempfile.mkdtemp(prefix="environment-", dir=self._work))
        try:
            machine = self._machine_for(function.runtime)
            return ExecutionEnvironment(machine, self._unpacked(function, machine, home))
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise

    def close(self) -> None:
        """Stop the process that starts commands: no environment can be started afterwards."""
        self._keepers.close()

    def _machine_for(self, runtime: str) -> Machine:
        """Return the machine with the runtime's Python, and without namespaces if that does not run in them."""
        toolchain = self._toolchain(runtime)
        namespaces = self._machine.namespaces
        if namespaces and toolchain.interpreter != self._machine.toolchain.interpreter:
            namespaces = namespaces if namespaces.suit(toolchain) else None
        return replace(self._machine, toolchain=toolchain, namespaces=namespaces)

    def _toolchain(self, runtime: str) -> Toolchain:
        toolchain = self._machine.toolchain.for_runtime(runtime)
        if toolchain.instead and runtime not in self._replaced:
            self._replaced.add(runtime)
            print(toolchain.instead, file=sys.stderr, flush=True)
        return toolchain

    def _unpacked(
        self, function: FunctionVersion, machine: Machine, home: Path
    ) -> UnpackedFunction:
        # Each environment has its own copy, so none runs files that another has changed.
        task_root = home / "task"
        unpack(function.code, task_root)
        opt = home / "opt"
        opt.mkdir()
        for layer in function.layers:
            unpack(layer.code, opt)
        log_stream = log_stream_name(function.version)
        credentials = assume_role(
            function.role_arn, function.name, function.account, function.region
        )
        layout = machine.layout(task_root, opt)
        variables = function_variables(function, credentials, log_stream, layout, self._endpoint)
        return UnpackedFunction(
            function, home, task_root, opt, code_sha256(function.code), log_stream, variables
        )
