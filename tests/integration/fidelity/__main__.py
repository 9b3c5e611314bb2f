"""Performs every case on a local AWS of its own, and writes docs/fidelity.md if all answers are as expected."""

import sys
from collections.abc import Callable, Sequence

from local_aws.client import local_aws
from scripts.terminal import command_line
from scripts.terminal.errors import UserError
from scripts.terminal.progress import step
from tests.integration.fidelity.areas import EVERY_CASE
from tests.integration.fidelity.case import Case
from tests.integration.fidelity.document import PATH, document
from tests.integration.fidelity.running import can_be_performed, problem, running


class FidelityError(UserError):
    """The cases with an unexpected answer, or that the document is not up to date."""


@command_line.verb("fidelity")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = command_line.parser(__doc__, 'example: make fidelity ARGS="--check"')
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if the document is not up to date"
    )
    options = parser.parse_args(arguments)
    cases = [case for case in EVERY_CASE if can_be_performed(case)]
    with step(f"Perform {len(cases)} cases on a local AWS"):
        problems = _problems(cases)
    if left := len(EVERY_CASE) - len(cases):
        print(f"  {left} cases need namespaces, which this machine forbids", file=sys.stderr)
    if problems:
        raise FidelityError("\n".join(problems))
    if not options.check:
        PATH.write_text(document(), encoding="utf-8")
    elif PATH.read_text(encoding="utf-8") != document():
        raise FidelityError(f"{PATH} is not up to date with the cases: `make fidelity` updates it.")
    differing = sum(1 for case in EVERY_CASE if case.differs)
    print(f"{len(EVERY_CASE) - differing} agree with AWS, {differing} differ on purpose: {PATH}")
    return 0


def _problems(cases: Sequence[Case]) -> list[str]:
    with local_aws() as endpoint, running(endpoint, cases) as wait:
        outcomes = [(case, _problem(case, wait)) for case in cases]
    return [f"{case.behaviour}: {text}" for case, text in outcomes if text]


def _problem(case: Case, wait: Callable[[Case], object]) -> str | None:
    try:
        return problem(case, wait(case))
    # One case that cannot be performed must not hide what the others show.
    except Exception as error:
        return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    command_line.run(main)
