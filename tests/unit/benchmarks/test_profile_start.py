"""Python's report of imports is summed up by family."""

import subprocess
import sys

import pytest

from benchmarks.profile_start import by_family

REPORT = """\
import time: self [us] | cumulative | imported package
import time:       100 |        100 |     _json
import time:       200 |        300 |   json
import time:       600 |        600 |   botocore.auth
import time:       100 |       1000 | botocore
"""


def test_families_are_summed_up_and_the_largest_comes_first() -> None:
    # Given a report of two families, one with a C part
    # When it is summed up
    (first, most), (second, rest) = by_family(REPORT)

    # Then each family has its share of the time, its C part included
    assert (first, second) == ("botocore", "json")
    assert most == pytest.approx(0.7)
    assert rest == pytest.approx(0.3)


def test_the_report_of_this_python_is_understood() -> None:
    # Given this Python's report of its imports
    command = [sys.executable, "-S", "-X", "importtime", "-c", "import json"]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stderr

    # When it is summed up
    families = dict(by_family(report))

    # Then what was imported is among them
    assert "json" in families
