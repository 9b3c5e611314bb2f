"""Makes mutants: copies of a module's text, each changed in one small place."""

import difflib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scripts.terminal.errors import UserError


class MutantsError(UserError):
    """Why the mutants could not be tried, and the fix."""


@dataclass(frozen=True)
class Change:
    """What a mutant changes: lines of `module`, `module.function` or `module.Class`, joined into one line."""

    where: str
    original: str
    mutated: str

    @property
    def module(self) -> str:
        """The name of the module that is changed."""
        return self.where.partition(".")[0]

    def __str__(self) -> str:
        """Show the change as a diff does."""
        return f"{self.where}\n  - {self.original}\n  + {self.mutated}"


@dataclass(frozen=True)
class Mutant:
    """A change, and the whole text of the module with it."""

    change: Change
    text: str


def make_mutants(module: str, text: str) -> list[Mutant]:
    """Apply each of mutmut's mutation operators wherever it fits in a module's text.

    Only the operators are used. mutmut's own runner changes nothing outside functions or in decorated ones, and counts
    a mutant as killed if pytest could not run.

    Raises MutantsError without mutmut.
    """
    try:
        import libcst  # type: ignore[import-not-found, unused-ignore] # `make test` does without
        from mutmut.mutation import mutators  # type: ignore[import-not-found, unused-ignore] # and this
    except ImportError as error:
        raise MutantsError("mutmut is not installed: `make mutants` installs it.") from error

    def places(node: Any, where: str) -> Iterator[tuple[Any, str]]:
        if isinstance(node, libcst.Annotation | libcst.Decorator):
            return
        if isinstance(node, libcst.FunctionDef | libcst.ClassDef):
            where = f"{where}.{node.name.value}"
        yield node, where
        for child in node.children:
            yield from places(child, where)

    tree = libcst.parse_module(text)
    mutants = []
    for node, where in places(tree, module):
        for kind, operator in mutators.mutation_operators:
            for mutated in operator(node) if isinstance(node, kind) else ():
                changed: Any = tree.deep_replace(node, mutated)
                change = Change(where, *_changed_lines(text, changed.code))
                mutants.append(Mutant(change, changed.code))
    return mutants


def _changed_lines(original: str, mutated: str) -> tuple[str, str]:
    diff = difflib.unified_diff(original.splitlines(), mutated.splitlines(), n=0)
    lines = list(itertools.islice(diff, 2, None))  # less the names of the files
    before, after = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return before, after
