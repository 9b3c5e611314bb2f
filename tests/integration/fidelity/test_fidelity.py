"""The local AWS answers each case as AWS does or differs as the case says, and the document is up to date."""

from collections.abc import Callable, Iterator
from typing import cast

import pytest

from tests.integration.fidelity.areas import AREAS
from tests.integration.fidelity.case import Case, Difference
from tests.integration.fidelity.document import PATH, document
from tests.integration.fidelity.running import can_be_performed, problem, running

CASES = [
    pytest.param(case, id=f"{area.title}: {case.behaviour}")
    for area in AREAS
    for case in area.cases
]


@pytest.fixture(scope="module")
def seen(endpoint: str, request: pytest.FixtureRequest) -> Iterator[Callable[[Case], object]]:
    """Begin all cases that were chosen; give what waits for one of them."""
    chosen: list[Case] = [
        cast("Case", item.callspec.params["case"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == test_a_case.__name__
    ]
    chosen = [case for case in chosen if can_be_performed(case)]
    with running(endpoint, chosen) as wait:
        yield wait


@pytest.mark.parametrize("case", CASES)
def test_a_case(case: Case, seen: Callable[[Case], object]) -> None:
    # Given a behaviour of Lambda
    if not can_be_performed(case):
        pytest.skip("this machine allows no namespaces")

    # When the local AWS is asked for it
    answered = seen(case)

    # Then it answers as AWS, or differs as the table says
    wrong = problem(case, answered)
    assert not wrong, wrong


def test_the_document_is_what_the_cases_say() -> None:
    # Given the document that is committed
    # When it is written again
    # Then nothing has changed; if it has, `make fidelity` writes it
    assert PATH.read_text() == document()


def test_a_case_that_is_answered_otherwise_is_noticed() -> None:
    # Given cases that agree and that differ
    agreeing = Case("agrees", "", "404 …: not found", lambda _: None)
    differing = Case("differs", "", "AWS", lambda _: None, differs=Difference("here", "why"))

    # When they are answered as AWS does, otherwise, and as the table says
    # Then what is not as the table says is a problem
    assert problem(agreeing, "404 Missing: not found") is None
    assert problem(agreeing, "400 Missing: not found") is not None
    assert problem(differing, "here") is None
    assert problem(differing, "AWS") is not None
    assert problem(differing, "otherwise") is not None
