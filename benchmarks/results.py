"""What a run of the benchmark found, as the report tells it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.rounds import Series


@dataclass(frozen=True)
class Table:
    """Figures that belong side by side, by key; each is also told as a multiple of `reference`'s, if there is one."""

    title: str
    figures: Mapping[str, Series]
    reference: str | None = None


@dataclass(frozen=True)
class Section:
    """One comparison: what was measured and how, the figures, and remarks, each a sentence or two of Markdown."""

    title: str
    method: str
    tables: tuple[Table, ...]
    remarks: tuple[str, ...] = ()


def all_figures(sections: Iterable[Section]) -> dict[str, Series]:
    """Return every figure by its key."""
    return {
        key: series
        for section in sections
        for table in section.tables
        for key, series in table.figures.items()
    }
