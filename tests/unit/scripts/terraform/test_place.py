"""A state stays with the region and the account of its resources."""

import json
import os
from pathlib import Path

import pytest

from scripts.terraform.place import (
    PlaceError,
    region_of,
    require_named,
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


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give the folder of a configuration, in a shell that points nowhere."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    (tmp_path / "versions.tf").write_text('provider "aws" {\n  default_tags {}\n}\n')
    return tmp_path


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({}, "no AWS credentials and no region"),
        ({"AWS_REGION": "eu-west-1"}, "no AWS credentials:"),
        ({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}, "no AWS region:"),
    ],
)
def test_a_shell_that_points_nowhere_is_refused_with_the_way_without_an_account(
    nobody: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], missing: str
) -> None:
    # Given
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    # When
    with pytest.raises(PlaceError) as refused:
        require_named(nobody)

    # Then
    assert missing in str(refused.value)
    assert "set AWS_PROFILE and AWS_REGION" in str(refused.value)
    assert "make local-apply" in str(refused.value)


def test_a_shell_with_credentials_and_a_region_passes(
    nobody: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a profile that has both
    (nobody / "config").write_text(
        "[profile zoe]\nregion = eu-west-1\naws_access_key_id = a\naws_secret_access_key = b\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(nobody / "config"))
    monkeypatch.setenv("AWS_PROFILE", "zoe")

    # Then
    require_named(nobody)


@pytest.mark.parametrize("setting", ["profile = var.profile", "assume_role {\n  }"])
def test_what_the_configuration_itself_names_is_left_to_terraform(
    nobody: Path, setting: str
) -> None:
    # Given an override of the provider
    (nobody / "mine_override.tf").write_text(f'provider "aws" {{\n  {setting}\n}}\n')

    # Then
    require_named(nobody)


def test_a_profile_that_does_not_exist_is_left_to_terraform(
    nobody: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    # Then
    require_named(nobody)
