"""`scripts/mutants.py` distinguishes killed mutants, survivors, and survivors that are explained."""

import py_compile
from pathlib import Path

import pytest

from scripts import mutants
from scripts.mutants import Verdict
from scripts.mutation.making import Change, Mutant, MutantsError

SURVIVOR = Change("record.write", "pause = FIRST_PAUSE", "pause = None")
ENOUGH = 60.0  # seconds


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A function that doubles, and a test that is content with less."""
    for name, text in {
        "function/double.py": "def double(x):\n    return x * 2\n",
        "tests/unit/function/test_double.py": (
            "from double import double\n\ndef test_double():\n    assert double(2) == 4\n"
        ),
        "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["function"]\n',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def doubling_by(mutated: str) -> Mutant:
    change = Change("double.double", "return x * 2", mutated)
    return Mutant(change, f"def double(x):\n    {mutated}\n")


def test_a_mutant_is_killed_if_a_test_fails(project: Path) -> None:
    # Given mutants that do as well, do worse, and cannot be imported
    texts = ["return x ** 2", "return x ** 3", "return x ** )"]

    # When each is judged, then the verdict follows from the tests
    assert [mutants.judge(doubling_by(text), project, ENOUGH) for text in texts] == [
        Verdict.SURVIVED,
        Verdict.KILLED,
        Verdict.KILLED,
    ]

    # And the code is as it was
    assert mutants.run_tests(project, ENOUGH)


def test_code_compiled_before_is_not_taken_for_the_mutant(project: Path) -> None:
    # Given compiled code that Python takes for up to date
    module = project / "function/double.py"
    py_compile.compile(str(module), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)

    # When a mutant is judged, then it is the mutant that is run
    assert mutants.judge(doubling_by("return x * 3"), project, ENOUGH) is Verdict.KILLED


def test_a_mutant_that_hangs_is_noticed(project: Path) -> None:
    # Given a mutant that never returns, when it is judged, then it has timed out
    assert mutants.judge(doubling_by("while True: pass"), project, 1) is Verdict.TIMED_OUT


def test_a_mutant_that_leaves_an_alarm_on_is_killed(project: Path) -> None:
    # Given a mutant whose alarm ends pytest, when it is judged, then it was noticed
    alarm = "__import__('signal').raise_signal(14)"
    assert mutants.judge(doubling_by(alarm), project, ENOUGH) is Verdict.KILLED


def test_a_pytest_that_something_else_ends_kills_nothing(project: Path) -> None:
    # Given a mutant that ends pytest as a machine short of memory does, then that is an error
    with pytest.raises(MutantsError, match="pytest ended with -9"):
        mutants.judge(doubling_by("__import__('signal').raise_signal(9)"), project, ENOUGH)


def test_a_pytest_that_cannot_run_kills_nothing(project: Path) -> None:
    # Given tests that pytest cannot start
    (project / "tests/unit/function/conftest.py").write_text("import no_such_module\n")

    # When a mutant is judged, then that is an error, which names the mutant
    with pytest.raises(MutantsError, match=r"(?s)pytest ended with 4.*return x \* 3"):
        mutants.judge(doubling_by("return x * 3"), project, ENOUGH)


def test_no_tests_kill_nothing(project: Path) -> None:
    # Given a folder without tests, when a mutant is judged, then that is an error
    (project / "tests/unit/function/test_double.py").write_text("")
    with pytest.raises(MutantsError, match="pytest ended with 5"):
        mutants.judge(doubling_by("return x * 3"), project, ENOUGH)


def test_the_survivors_must_be_those_explained() -> None:
    # Given one survivor, when it is explained, then there are no complaints; else there is one
    assert mutants.compare({SURVIVOR}, {SURVIVOR}) == []
    (unexplained,) = mutants.compare({SURVIVOR}, set())
    assert "No test notices" in unexplained
    (outdated,) = mutants.compare(set(), {SURVIVOR})
    assert "not a survivor" in outdated


def test_an_explanation_without_a_reason_is_an_error(tmp_path: Path) -> None:
    # Given an entry without `why`
    listed = tmp_path / "survivors.toml"
    listed.write_text('[[survivor]]\nwhere = "a.b"\noriginal = "c"\nmutated = ["d"]\n')

    # When it is read, then the error names the field
    with pytest.raises(MutantsError, match="why"):
        mutants.read_explained(listed)


def test_the_counts_are_those_of_the_verdicts() -> None:
    # Given three mutants, when they are counted, then each is in the sentence
    tried = [(SURVIVOR, verdict) for verdict in (Verdict.KILLED, Verdict.SURVIVED, Verdict.KILLED)]
    assert mutants.count(tried) == "3 mutants: 2 killed, 0 timed out, 1 survived"
