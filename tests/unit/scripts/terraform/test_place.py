"""A state stays with the region and the account of its resources."""

import json
import os
from pathlib import Path

import pytest

from scripts.terraform.place import (
    PlaceError,
    region_of,
    require_same_account,
    require_same_region,
)

ARNS = (
    "arn:aws:iam::123456789012:role/WildRydesLambda",
    "arn:aws:lambda:us-east-1:123456789012:function:RequestUnicorn",
)


def state(*arns: str, mode: str = "managed") -> str:
    resources = [{"mode": mode, "instances": [{"attributes": {"arn": arn}}]} for arn in arns]
    return json.dumps({"resources": [*resources, {"mode": "managed", "instances": []}]})


@pytest.mark.parametrize(
    "kept",
    ["", state(), state(*ARNS), state(ARNS[0]), state(ARNS[1].replace("us-", "eu-"), mode="data")],
    ids=["no state", "empty", "same region", "no region", "data"],
)
def test_a_state_of_this_region_or_of_none_passes(kept: str) -> None:
    # Given a state with nothing in another region
    # When it is to be changed from a shell at us-east-1, then it may
    require_same_region(kept, {"AWS_REGION": "us-east-1"})


def test_a_state_of_another_region_is_refused_with_both_regions_and_the_fix() -> None:
    # Given a state of us-east-1
    # When it is to be changed from a shell at eu-west-1
    with pytest.raises(PlaceError) as refusal:
        require_same_region(state(*ARNS), {"AWS_REGION": "eu-west-1"})

    # Then nothing is, and the message names the way to either
    assert "are in us-east-1, and this shell points to eu-west-1" in str(refusal.value)
    assert "AWS_REGION=us-east-1" in str(refusal.value)
    assert "-state=eu-west-1.tfstate" in str(refusal.value)


def test_the_region_is_the_one_that_terraform_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a profile with a region
    config = tmp_path / "config"
    config.write_text("[profile work]\nregion = eu-north-1\n")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "work")

    # When variables name others, or none, then they come before it, AWS_REGION first
    variables = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}
    assert region_of(variables) == "eu-west-1"
    assert region_of({"AWS_DEFAULT_REGION": "eu-west-2"}) == "eu-west-2"
    assert region_of(os.environ) == "eu-north-1"


@pytest.mark.parametrize("kept", ["", state(), state(*ARNS)])
@pytest.mark.parametrize("account", ["123456789012", None])
def test_a_state_of_this_account_passes_and_so_does_what_cannot_be_known(
    kept: str, account: str | None
) -> None:
    # Given a state of this account or of none, or credentials that do not say whose they are
    # When it is to be changed, then it may
    require_same_account(kept, account)


def test_a_state_of_another_account_is_refused_with_both_accounts_and_the_fix() -> None:
    # Given a state of one account
    # When it is to be changed with another's credentials
    with pytest.raises(PlaceError) as refusal:
        require_same_account(state(*ARNS), "999999999999")

    # Then nothing is, and the message names the way to either
    assert "are in account 123456789012, and this shell's" in str(refusal.value)
    assert "-state=999999999999.tfstate" in str(refusal.value)
