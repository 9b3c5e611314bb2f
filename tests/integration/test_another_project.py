"""The example of local_aws/README.md: another project's function and test, run with this checkout's local AWS."""

import re
import subprocess
import sys
from pathlib import Path

from scripts.project.paths import ROOT

# A fenced block whose first line is a comment with the file's name.
FILE = re.compile(r"^```python\n# (\S+\.py)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_readmes_example_passes_in_a_folder_of_its_own(tmp_path: Path) -> None:
    # Given the files that local_aws/README.md shows, in a folder that is not a part of this checkout
    readme = (ROOT / "local_aws" / "README.md").read_text()
    files = dict(FILE.findall(readme))
    assert files.keys() == {"hello.py", "test_hello.py"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    # When its test is run as the README says
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_hello.py"]
    done = subprocess.run(pytest, cwd=tmp_path, capture_output=True, text=True, check=False)

    # Then it passes
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
