"""The results of a benchmark run, as the report shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.rounds import Series


@dataclass(frozen=True)
class Table:
    """Figures that belong side by side, by key; each is also shown as a multiple of `reference`'s, if that is set."""

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
