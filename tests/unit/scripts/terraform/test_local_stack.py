"""What is shown of Terraform's output: the end of an apply, and what to do about what the local AWS lacks."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from scripts.terraform import local_stack
from scripts.terraform.local_stack import LocalStack, StackError

APPLY = """\
module.a.data.aws_x.y: Reading...
module.a.data.aws_x.y: Read complete after 0s [id=1]
aws_x.y: Refreshing state... [id=1]

Terraform will perform the following actions:
  + create

Plan: 1 to add, 0 to change, 0 to destroy.
aws_x.z: Creating...
aws_x.z: Still creating... [10s elapsed]
aws_x.z: Creation complete after 12s [id=2]

Warning: Check block assertion failed

Apply complete! Resources: 1 added, 0 changed, 0 destroyed.

Outputs:

a = "b: Creating..."
"""


def test_the_end_of_an_apply_is_what_comes_after_its_progress() -> None:
    # Given all that an apply prints
    # When its end is taken
    end = local_stack._after_progress(APPLY)

    # Then it is the warnings, the counts and the outputs
    assert end.startswith("Warning: Check block assertion failed\n\nApply complete!")
    assert end.endswith('a = "b: Creating..."')


@pytest.mark.parametrize("output", ["No changes.\n\nApply complete!", "", "Destroy complete!"])
def test_without_progress_all_of_it_is_shown(output: str) -> None:
    # Given an apply with nothing to do, when its end is taken, then it is all of it
    assert local_stack._after_progress(output) == output


def test_what_the_local_aws_lacks_has_a_way_out() -> None:
    # Given Terraform's message about a resource that the local AWS lacks, and about another mistake
    lacking = "Error: creating Flow: The local AWS does not offer appflow:CreateFlow."

    # When they are shown, then only the first gets the fix
    assert "with -target, or deploy to AWS" in local_stack._with_fix(lacking)
    assert local_stack._with_fix("Error: no such thing") == "Error: no such thing"


def test_a_state_that_another_terraform_has_is_one_sentence_with_a_way_out() -> None:
    # Given Terraform's message about a lock, when it is shown, then it is one line, with what to do
    shown = local_stack._with_fix("Error: Error acquiring the state lock\n\nLock Info:\n  ID: 1")
    assert "run this again when it has finished" in shown
    assert "-lock-timeout" in shown
    assert "\n" not in shown


def test_two_runs_do_not_work_in_one_folder(tmp_path: Path) -> None:
    # Given a run in a folder
    stack = LocalStack(tmp_path / "stack")
    with ExitStack() as first:
        first.enter_context(stack.locked())

        # When another begins, then it is refused
        with pytest.raises(StackError, match="another run"):
            first.enter_context(LocalStack(stack.folder).locked())

    # And once that has ended, the next may run
    with stack.locked():
        pass
