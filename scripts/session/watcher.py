"""Watches a package's folder for saves."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from watchfiles import Change, watch

from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.source import is_left_out
from scripts.project.paths import FUNCTION

# How soon the watcher says that it listens.
LISTENING_MS = 200


def saves(folder: Path = FUNCTION) -> Iterator[None]:
    """Yield as soon as the watcher listens, then after each burst of saves.

    Raises PackageError if the folder itself is removed.
    """
    listens = False
    for saved in watch(
        folder,
        watch_filter=partial(is_packaged, folder=folder),
        rust_timeout=LISTENING_MS,
        yield_on_timeout=True,
    ):
        if (Change.deleted, str(folder)) in saved:  # the system watches no folder by name
            raise PackageError(
                f"{folder} was removed, and nothing watches it any more.\n"
                "Start again once it is back."
            )
        if saved or not listens:
            listens = True
            yield


def is_packaged(_: Change, path: str, folder: Path = FUNCTION) -> bool:
    """Whether a file in the folder is for the zip, not an editor's or a cache's."""
    return not is_left_out(Path(path).relative_to(folder))
