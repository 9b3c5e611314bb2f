"""Writes docs/fidelity.md from the cases."""

import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator

from moto.core.utils import get_service_model

from local_aws.functions.api.operations import OPERATIONS
from scripts.project.paths import ROOT
from tests.integration.fidelity.areas import AREAS, EVERY_CASE, Area
from tests.integration.fidelity.case import Case

PATH = ROOT / "docs" / "fidelity.md"
INVOCATIONS = {"Invoke", "InvokeAsync", "InvokeWithResponseStream"}
LONGEST_ANSWER = 300
LINE = 118
HEAD = """\
# How close the local AWS is to Lambda

Each row below is a case: a call, AWS's answer, and the source of that answer. `make fidelity` performs every case on a
local AWS and writes this page from [the cases](../tests/integration/fidelity/areas.py). `make test` performs them too,
and fails if the local AWS gives a different answer. If a case differs on purpose, its different answer is tested as
well.

Names, UUIDs and times differ from run to run: they are shown as `NAME`, `UUID` and `TIME`; `…` is any text. Unless a
case says otherwise, a call is for the function `NAME`, which has the versions 1 and 2, and the alias `live` for
version 1.

Cases that agree "in namespaces" do so where Linux lets a program create namespaces. Elsewhere a function sees this
machine's paths, and those cases are skipped.

The recordings cover 478 behaviours of Lambda functions in Python, recorded in AWS and published by others. The cases
here are of the same kinds, but not the same calls; where an error repeats a constraint, the constraint is that of the
service model.

Two independent programs have tests of their own, in `make test-long`: the AWS CLI deploys and uses the function
(`tests/integration/test_aws_cli.py`), and the AWS SAM CLI calls a function and reads its log
(`tests/integration/test_sam_cli.py`).
"""


def document() -> str:
    """Return the text of docs/fidelity.md."""
    sections = [
        HEAD,
        "## Summary\n\n" + _summary(),
        "## Sources\n\n" + _sources(),
        "## What differs on purpose\n\n" + _differences(),
        "## What is refused by name\n\n" + _refused(),
        *(f"## {area.title}\n\n{_cases(area)}" for area in AREAS),
    ]
    return "\n".join(sections)


def _summary() -> str:
    rows = [
        (area.title, str(len(area.cases)), str(_agreeing(area.cases)), str(_differing(area.cases)))
        for area in AREAS
    ]
    agreeing, differing = _agreeing(EVERY_CASE), _differing(EVERY_CASE)
    total = ("**Total**", str(len(EVERY_CASE)), str(agreeing), str(differing))
    return _table(("Area", "Cases", "Agree", "Differ on purpose"), [*rows, total])


def _sources() -> str:
    counted = Counter(case.source for case in EVERY_CASE)
    rows = [
        (source.title, source.date, str(count))
        for source, count in sorted(counted.items(), key=lambda each: (-each[1], each[0].title))
    ]
    return _table(("Source", "Date", "Cases"), rows)


def _differences() -> str:
    rows = [
        (case.behaviour, _shown(case.aws), _shown(case.differs.here), case.differs.why)
        for case in EVERY_CASE
        if case.differs
    ]
    return _table(("Behaviour", "AWS", "Local AWS", "Why"), rows)


def _refused() -> str:
    operations = get_service_model("lambda").operation_names
    missing = sorted(set(operations) - set(OPERATIONS) - INVOCATIONS)
    offered = len(operations) - len(missing)
    names = textwrap.fill(", ".join(missing), LINE)
    return (
        f"Of the {len(operations)} operations of Lambda's API the local AWS has {offered}. These are refused with\n"
        "`UnknownOperationException` and their name, which no SDK retries:\n"
        f"{names}.\n\n"
        'Parameters that ask for what is not offered are refused by name too: see "What is not offered".\n'
    )


def _cases(area: Area) -> str:
    rows = [
        (case.behaviour, _code(case.asked), _shown(case.aws), _verdict(case), case.source.title)
        for case in area.cases
    ]
    return _table(("Behaviour", "Asked", "AWS answers", "Local AWS", "Source"), rows)


def _verdict(case: Case) -> str:
    verdict = "differs on purpose" if case.differs else "agrees"
    return f"{verdict}, in namespaces" if case.needs_namespaces else verdict


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(_lines(head, rows))


def _lines(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n"


def _shown(answer: object) -> str:
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    if len(text) > LONGEST_ANSWER:
        text = f"{text[:LONGEST_ANSWER]} …"
    return _code(text)


def _code(text: str) -> str:
    """Write text as code in a cell: on one line, in as many backticks as it needs."""
    line = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"')
    fence = "``" if "`" in line else "`"
    padded = f" {line} " if "`" in line else line
    return f"{fence}{padded}{fence}"


def _agreeing(cases: Iterable[Case]) -> int:
    return sum(1 for case in cases if not case.differs)


def _differing(cases: Iterable[Case]) -> int:
    return sum(1 for case in cases if case.differs)
