"""Work folders of processes; a process also removes those of killed ones."""

import os
import re
import shutil
import tempfile
from pathlib import Path


def make_work_folder(parent: Path, prefix: str) -> Path:
    """Create a folder in `parent` for this process, and remove those of processes that no longer exist.

    Its name consists of `prefix`, the process id and a random suffix.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for folder in parent.glob(f"{prefix}-*"):
        owner = re.match(rf"{re.escape(prefix)}-(\d+)-", folder.name)
        if owner and not Path(f"/proc/{owner[1]}").exists():
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}-{os.getpid()}-", dir=parent))
