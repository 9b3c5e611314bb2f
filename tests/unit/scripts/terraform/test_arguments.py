"""A person's arguments for Terraform mean the same wherever Terraform runs."""

from pathlib import Path

import pytest

from scripts.terraform.arguments import state_path, with_absolute_paths

HERE = Path("/home/zoe")


@pytest.mark.parametrize(
    ("typed", "passed"),
    [
        (["-var-file=mine.tfvars"], ["-var-file=/home/zoe/mine.tfvars"]),
        (["-var-file", "mine.tfvars"], ["-var-file=/home/zoe/mine.tfvars"]),
        (["--var-file=../mine.tfvars"], ["-var-file=/home/mine.tfvars"]),
        (["-var-file=/etc/mine.tfvars"], ["-var-file=/etc/mine.tfvars"]),
        (["-state=a", "-state-out=b", "-backup=-"], ["-state=/home/zoe/a", "-state-out=/home/zoe/b", "-backup=-"]),
        (["-out=a.tfplan"], ["-out=/home/zoe/a.tfplan"]),
        (["a.tfplan"], ["/home/zoe/a.tfplan"]),
        (["-var", "function_name=Two"], ["-var=function_name=Two"]),
        (["-var", "note=-var-file=x"], ["-var=note=-var-file=x"]),
        (["-target=module.x[\"a b\"]", "-auto-approve"], ["-target=module.x[\"a b\"]", "-auto-approve"]),
        (["-detailed-exitcode", "-refresh=false"], ["-detailed-exitcode", "-refresh=false"]),
        (["-var-file"], ["-var-file"]),
    ],
    ids=" ".join,
)  # fmt: skip
def test_paths_are_those_of_where_they_were_typed(typed: list[str], passed: list[str]) -> None:
    # Given arguments as somebody types them in a folder
    # When Terraform runs in another
    # Then paths are absolute, and all else is as it was
    assert with_absolute_paths(typed, HERE) == passed


def test_the_state_that_is_named_last_counts() -> None:
    # Given arguments with none, one and two states
    # When the state is asked for, then Terraform's answer is given
    assert state_path(["-var", "state=x"]) is None
    assert state_path(["-state=/a"]) == Path("/a")
    assert state_path(["-state", "/a", "-state=/b"]) == Path("/b")
