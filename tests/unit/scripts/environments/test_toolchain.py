"""AWS's runtime client is compiled where it is installed: functions have it read-only."""

import importlib.util
from pathlib import Path

from local_aws.functions.interpreters import own_interpreter
from scripts.environments.toolchain import compile_modules


def test_modules_are_compiled_for_the_python_that_runs_them(tmp_path: Path) -> None:
    # Given a package, and a file that is no Python
    module = tmp_path / "package" / "module.py"
    module.parent.mkdir()
    module.write_text("answer = 42\n")
    broken = tmp_path / "a_template.py"
    broken.write_text("answer = {{ answer }\n")

    # When the folder is compiled
    compile_modules(own_interpreter(), tmp_path)

    # Then this Python has the bytecode of the module
    assert Path(importlib.util.cache_from_source(str(module))).exists()
    assert not Path(importlib.util.cache_from_source(str(broken))).exists()
