"""A cold start that fails leaves nothing: here one on a disk that is full."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Starts a function of 100 KB three times in the folder that is given, and prints the errors and what is left.
FAILING = """
import io, pathlib, sys, zipfile
from local_aws.functions.cold_start import ColdStarts
from local_aws.functions.toolchain import find_toolchain
from tests.support.function_versions import version_of

archive = io.BytesIO()
with zipfile.ZipFile(archive, "w") as content:
    content.writestr("first.py", "")
    content.writestr("second.py", "#" * 100_000)
work = pathlib.Path(sys.argv[1])
starts = ColdStarts(find_toolchain(), None, work, "http://127.0.0.1:1")
for _ in range(3):
    try:
        starts.start(version_of(archive.getvalue()))
    except OSError as error:
        print(error.strerror)
starts.close()
print([file.name for file in work.rglob("*")])
"""


def test_a_cold_start_on_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    # Given a disk of 64 KB, mounted where only one process sees it
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rm", "true"], check=False).returncode != 0:
        pytest.skip("this machine allows no mount namespaces")
    mount = f'mount -t tmpfs -o size=64k tmpfs {tmp_path} && exec "$@"'

    # When three cold starts fail on it
    run = subprocess.run(
        [unshare, "-rm", "sh", "-c", mount, "sh", sys.executable, "-c", FAILING, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    # Then each says why, and the disk is as empty as before
    assert run.stdout.splitlines() == ["No space left on device"] * 3 + ["[]"], run.stderr
