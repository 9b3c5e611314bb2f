"""Watches a package's folder for saves."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from watchfiles import Change, watch

from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.source import is_left_out
from scripts.project.paths import FUNCTION

# How soon the watcher reports that it is listening.
LISTENING_MS = 200


def saves(folder: Path = FUNCTION) -> Iterator[None]:
    """Yield once the watcher is listening, then after each burst of saves.

    Raises PackageError if the folder itself is removed.
    """
    listens = False
    for saved in watch(
        folder,
        watch_filter=partial(is_packaged, folder=folder),
        rust_timeout=LISTENING_MS,
        yield_on_timeout=True,
    ):
        if (Change.deleted, str(folder)) in saved:  # the system does not watch a name, but a folder
            raise PackageError(
                f"{folder} was removed, so nothing is watched any more.\nStart again when it is back."
            )
        if saved or not listens:
            listens = True
            yield


def is_packaged(_: Change, path: str, folder: Path = FUNCTION) -> bool:
    """Whether a file in the folder is for the zip, not an editor's or a cache's."""
    return not is_left_out(Path(path).relative_to(folder))
