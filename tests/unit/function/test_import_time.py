"""The import time of the function's own modules, relative to that of the SDK."""

import json
import statistics
import subprocess
import sys
from pathlib import Path

FUNCTION = Path(__file__).parents[3] / "function"
# As a share of `import boto3`. The modules take 0.01 to 0.1 of it; a web framework alone would exceed the budget.
BUDGET = 0.15
RUNS = 5
# Without the client: creating it is the SDK's work, and takes longer than everything else together.
MEASURE = """
import json, sys, time
begun = time.perf_counter()
import boto3
sdk = time.perf_counter() - begun
import botocore.session
botocore.session.Session.create_client = lambda *_, **__: None
sys.path.insert(0, sys.argv[1])
begun = time.perf_counter()
import request_unicorn
print(json.dumps((time.perf_counter() - begun) / sdk))
"""


def ratio() -> float:
    command = [sys.executable, "-c", MEASURE, str(FUNCTION)]
    return float(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))


def test_the_functions_own_modules_keep_to_their_import_budget() -> None:
    # Given a new process for each run, with compiled bytecode after the first
    ratio()

    # When the SDK and then the function are imported
    measured = statistics.median(ratio() for _ in range(RUNS))

    # Then the function's share is small
    assert measured < BUDGET
