#!/usr/bin/env python3
"""Mutation testing: changes function/ in one small place at a time and runs its tests against each such mutant.

Each mutant that no test notices must be explained in tests/unit/function/survivors.toml. It takes half an hour on two
processors.
"""

import contextlib
import enum
import os
import queue
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

from local_aws.processes.work_folder import make_work_folder
from scripts.mutation.making import Change, Mutant, MutantsError, make_mutants
from scripts.project.paths import LOCAL, ROOT
from scripts.terminal import command_line
from scripts.terminal.progress import step

TESTS = Path("tests", "unit", "function")
EXPLAINED = ROOT / TESTS / "survivors.toml"
# What the tests of function/ need.
COPIED = ("function", "local_aws", "scripts", "tests", "pyproject.toml", "main.tf", "variables.tf")
NOT_TRIED = "test_import_time.py"  # a mutant may be slower to import than the original
PYTEST = (sys.executable, "-m", "pytest", "-x", "--quiet", "--tb=no", "-p", "no:cacheprovider")
# A module that cannot be imported is a failed test too; hypothesis tries the same examples on every mutant.
OPTIONS = ("--continue-on-collection-errors", "--hypothesis-seed=0")
SLOW = ("test_faults.py", "test_properties.py")
# As a multiple of the time that the tests take on the original: a mutant that takes longer hangs.
PATIENCE = 5
# pytest's exit status for failed tests, and its status if it is killed by the alarm signal that function/ uses.
NOTICED = (1, -signal.SIGALRM)


class Verdict(enum.StrEnum):
    """The outcome of the tests for a mutant."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"


Trial: TypeAlias = tuple[Change, Verdict]


@command_line.verb("mutants")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns 0 if the survivors are those that are explained."""
    parser = command_line.parser(__doc__, "example: make mutants ARGS=record")
    modules = sorted(path.stem for path in (ROOT / "function").glob("*.py"))
    parser.add_argument(
        "module", nargs="?", choices=modules, help="the one module to change (default: all)"
    )
    module = parser.parse_args(arguments).module
    begun = time.monotonic()
    explained = read_explained(EXPLAINED)
    tried = try_all([module] if module else modules)
    survivors = {change for change, verdict in tried if verdict is Verdict.SURVIVED}
    expected = {change for change in explained if module in (None, change.module)}
    complaints = compare(survivors, expected)
    for complaint in complaints:
        print(complaint)
    print(f"{count(tried)}; {len(expected)} explained ({time.monotonic() - begun:.0f} s)")
    return 1 if complaints else 0


def read_explained(path: Path) -> set[Change]:
    """Read which survivors are explained; an empty reason explains nothing.

    Raises MutantsError where the file cannot be read or an entry lacks a field.
    """
    try:
        return {
            Change(entry["where"], entry["original"], mutated)
            for entry in tomllib.loads(path.read_text(encoding="utf-8"))["survivor"]
            for mutated in entry["mutated"]
            if entry["why"]
        }
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise MutantsError(
            f"{path} must give where, original, mutated and why of each survivor: {error!r}"
        ) from error


def compare(survivors: set[Change], explained: set[Change]) -> list[str]:
    """Return a message for each survivor without an explanation, and each explanation without a survivor."""
    return [
        *(
            f"No test notices this mutant: test it, or explain it in {EXPLAINED.name}.\n{change}"
            for change in sorted(survivors - explained, key=str)
        ),
        *(
            f"Explained in {EXPLAINED.name}, but not a survivor: remove it.\n{change}"
            for change in sorted(explained - survivors, key=str)
        ),
    ]


def count(tried: list[Trial]) -> str:
    """Return a sentence with the number of mutants, in total and by verdict."""
    counts = Counter(verdict for _, verdict in tried)
    return f"{len(tried)} mutants: " + ", ".join(
        f"{counts[verdict]} {verdict}" for verdict in Verdict
    )


def try_all(modules: Iterable[str]) -> list[Trial]:
    """Try every mutant of these modules, on each processor one at a time.

    Raises MutantsError if the tests fail without any mutant, or cannot be run.
    """
    work = make_work_folder(LOCAL, "mutants")
    try:
        with step("Run the tests on the original code"):
            folders = [_lay_out(work / str(number)) for number in range(os.cpu_count() or 1)]
            limit = PATIENCE * _time_without_mutant(folders[0])
        tried: list[Trial] = []
        for module in modules:
            text = (folders[0] / "function" / f"{module}.py").read_text(encoding="utf-8")
            mutants = make_mutants(module, text)
            with step(f"Try {len(mutants)} mutants of {module}.py"):
                tried += _try_each(mutants, folders, limit)
        return tried
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _lay_out(folder: Path) -> Path:
    folder.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder)
    return folder


def _time_without_mutant(folder: Path) -> float:
    """Run the tests on the code as it is; returns the seconds that they took."""
    begun = time.monotonic()
    if not run_tests(folder, timeout=None):
        raise MutantsError("the tests fail without any mutant: run `make test` to see why.")
    return time.monotonic() - begun


def _try_each(mutants: list[Mutant], folders: list[Path], limit: float) -> list[Trial]:
    """Run the tests on every mutant, one at a time in each folder."""
    free: queue.SimpleQueue[Path] = queue.SimpleQueue()
    for folder in folders:
        free.put(folder)

    def try_one(mutant: Mutant) -> Trial:
        with _borrowed(free) as folder:
            return mutant.change, judge(mutant, folder, limit)

    with ThreadPoolExecutor(len(folders)) as pool:
        return list(pool.map(try_one, mutants))


@contextlib.contextmanager
def _borrowed(free: "queue.SimpleQueue[Path]") -> Iterator[Path]:
    folder = free.get()
    try:
        yield folder
    finally:
        free.put(folder)


def judge(mutant: Mutant, folder: Path, limit: float) -> Verdict:
    """Run the tests in `folder` with this mutant in its function/, for `limit` seconds at most.

    Raises MutantsError if pytest's exit status is neither 0 nor in NOTICED.
    """
    module = folder / "function" / f"{mutant.change.module}.py"
    original = module.read_text(encoding="utf-8")
    module.write_text(mutant.text, encoding="utf-8")
    try:
        passed = run_tests(folder, limit, first=f"test_{mutant.change.module}.py")
    except subprocess.TimeoutExpired:
        return Verdict.TIMED_OUT
    except MutantsError as error:
        raise MutantsError(f"{error}\n{mutant.change}") from error
    finally:
        module.write_text(original, encoding="utf-8")
    return Verdict.SURVIVED if passed else Verdict.KILLED


def run_tests(folder: Path, timeout: float | None, first: str = "") -> bool:
    """Run the tests of function/ in `folder` until one fails; returns whether all passed.

    The test file `first` is run first, as it is the most likely to fail; slow ones are run last.

    Raises MutantsError if pytest's exit status is neither 0 nor in NOTICED, and subprocess.TimeoutExpired after
    `timeout` seconds.
    """
    files = [path.name for path in (folder / TESTS).glob("test_*.py") if path.name != NOT_TRIED]
    files.sort(key=lambda name: (name != first, name in SLOW, name))
    # Python matches compiled code to its source by size and second, and mutants follow faster than that.
    shutil.rmtree(folder / "function" / "__pycache__", ignore_errors=True)
    done = subprocess.run(
        [*PYTEST, *OPTIONS, *(str(TESTS / name) for name in files)],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=timeout,
        check=False,
    )
    if done.returncode not in (0, *NOTICED):
        last_lines = "\n".join(f"{done.stdout}{done.stderr}".splitlines()[-15:])
        raise MutantsError(f"pytest ended with {done.returncode}.\n{last_lines}")
    return done.returncode == 0


if __name__ == "__main__":
    command_line.run(main)
