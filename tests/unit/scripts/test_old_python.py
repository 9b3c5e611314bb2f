"""The two scripts that a person may start with any Python say which one they need."""

import ast
import subprocess
from pathlib import Path

import pytest

from scripts import install, package
from tests.support.pythons import other_pythons

SCRIPTS = [install.__file__, package.__file__]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_python_too_old_says_so(script: str) -> None:
    # Given
    pythons = [path for minor, path in other_pythons().items() if 6 <= minor < 11]
    if not pythons:
        pytest.skip("this machine has no Python 3 older than 3.11")

    for python in pythons:
        # When
        done = subprocess.run([python, script], capture_output=True, text=True, check=False)

        # Then
        assert done.returncode == 1
        assert done.stderr.startswith(f"{Path(script).name} needs Python 3.11 or newer; this is 3.")
        assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("script", SCRIPTS)
def test_python_3_6_can_parse_the_whole_script_and_reports_its_version(script: str) -> None:
    # Given
    source = Path(script).read_text()

    # When it is read by that version's grammar
    # Then there is no error
    ast.parse(source, feature_version=(3, 6))
