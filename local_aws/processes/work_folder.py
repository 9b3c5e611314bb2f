"""Folders that belong to a process: removed when it ends, and by the next one if it was killed before it could."""

import os
import re
import shutil
import tempfile
from pathlib import Path


def make_work_folder(parent: Path, prefix: str) -> Path:
    """Make a new folder in `parent` for this process, after removing those of processes that are gone.

    Its name is `prefix`, the process's id and something random.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for folder in parent.glob(f"{prefix}-*"):
        owner = re.match(rf"{re.escape(prefix)}-(\d+)-", folder.name)
        if owner and not Path(f"/proc/{owner[1]}").exists():
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}-{os.getpid()}-", dir=parent))
