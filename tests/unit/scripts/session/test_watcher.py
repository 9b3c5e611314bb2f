"""What counts as a save, and when the watcher reports it."""

import pytest
from watchfiles import Change

from scripts.deployment_package.errors import PackageError
from scripts.project.paths import FUNCTION
from scripts.session import watcher


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("dispatch.py", True),
        ("data/fleet.json", True),
        ("requirements.txt", True),
        (".dispatch.py.swp", False),
        ("dispatch.py~", False),
        ("#dispatch.py#", False),
        ("__pycache__/dispatch.cpython-313.pyc", False),
        ("tests/events.json", False),
    ],
)
def test_only_what_is_packaged_counts_as_a_save(name: str, counts: bool) -> None:
    # Given a file in function/
    path = str(FUNCTION / name)

    # When it is saved
    # Then that counts if the file is for the zip, and is no editor's or cache's
    assert watcher.is_packaged(Change.modified, path) is counts


def test_a_removed_folder_ends_the_watch_with_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a watcher whose folder is removed
    removed = {(Change.deleted, str(FUNCTION))}
    monkeypatch.setattr(watcher, "watch", lambda *_, **__: iter([set(), removed]))
    saves = watcher.saves()
    next(saves)

    # When the next save is awaited
    # Then the watch ends, for the system has forgotten it
    with pytest.raises(PackageError, match="Start again"):
        next(saves)


def test_the_watch_yields_once_it_listens_then_after_each_burst(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a watcher that is idle, hears of a burst, and is idle again
    burst = {
        (Change.modified, str(FUNCTION / "dispatch.py")),
        (Change.deleted, str(FUNCTION / "request.py")),
    }
    quiet: set[tuple[Change, str]] = set()
    monkeypatch.setattr(watcher, "watch", lambda *_, **__: iter([quiet, quiet, burst, quiet]))

    # When it is followed
    # Then it yields twice: once it listens, and after the save
    assert len(list(watcher.saves())) == 2
