"""invoke and monitor use the last apply that the environment does not contradict."""

import json
from pathlib import Path

import pytest

from scripts.session import isolation, last_apply, running
from scripts.session.last_apply import Applied, NothingAppliedError

AWS = Applied(None, "eu-west-1", "Two", "Two-eu-west-1")
LOCAL = Applied("http://127.0.0.1:4566", "us-east-1", "Local", "Local")
OTHER = Applied("http://127.0.0.1:5000", "us-east-1", "Other", "Other")
OLD = "http://127.0.0.1:9"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a checkout's list of applies, and an environment that names nothing."""
    monkeypatch.setattr(last_apply, "FILE", tmp_path / ".local" / "applied.json")
    monkeypatch.setattr(running, "FOLDER", tmp_path / ".local" / "running")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    for name in ("AWS_ENDPOINT_URL", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    return last_apply.FILE


@pytest.mark.parametrize(
    ("applies", "environment", "followed"),
    [
        ((AWS, LOCAL), {}, LOCAL),
        ((LOCAL, AWS), {}, AWS),
        ((LOCAL, AWS), {"AWS_ENDPOINT_URL": "http://localhost:4566"}, LOCAL),
        ((LOCAL, OTHER), {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, LOCAL),
        ((LOCAL, OTHER), {"AWS_ENDPOINT_URL": OLD}, None),
        ((AWS, LOCAL), {"AWS_ENDPOINT_URL": ""}, AWS),
        ((AWS,), {"AWS_REGION": "eu-west-1"}, AWS),
        ((AWS,), {"AWS_REGION": "us-east-1"}, None),
        ((AWS,), {"AWS_ENDPOINT_URL": "http://127.0.0.1:99999999"}, AWS),
        ((), {}, None),
    ],
)
def test_the_last_apply_is_followed_unless_the_environment_names_another_place(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    applies: tuple[Applied, ...],
    environment: dict[str, str],
    followed: Applied | None,
) -> None:
    # Given applies, the last one last, and an environment
    for applied in applies:
        last_apply.remember(applied)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    entered: list[str] = []
    monkeypatch.setattr(isolation, "enter", entered.append)

    # When they are followed
    # Then it is to the last that the environment leaves possible
    assert last_apply.follow() == followed
    named = environment.get("AWS_ENDPOINT_URL")
    assert entered == ([followed.endpoint] if followed and followed.endpoint and not named else [])


def test_the_place_is_printed_where_the_environment_did_not_name_it(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given an apply to AWS
    last_apply.remember(AWS)

    # When it is followed from a shell without a region, and then from one that names it
    last_apply.follow()
    unnamed = capsys.readouterr().err
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    last_apply.follow()

    # Then only the first time is it news
    assert unnamed == "The last apply went to eu-west-1.\n"
    assert capsys.readouterr().err == ""


def test_what_is_destroyed_is_forgotten_and_what_is_applied_again_comes_last(file: Path) -> None:
    # Given two applies
    for applied in (LOCAL, OTHER, LOCAL):
        last_apply.remember(applied)
    assert [entry["function"] for entry in json.loads(file.read_text())] == ["Other", "Local"]

    # When the last is destroyed
    last_apply.forget(LOCAL.endpoint, LOCAL.function)

    # Then the one before is followed
    assert last_apply.follow() == OTHER


def test_after_the_last_destroy_a_call_in_aws_is_announced(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # When nothing is left to follow, in a shell that names a region
    assert last_apply.follow() is None
    assert last_apply.follow("Two") is None

    # Then
    announced = "No apply of this checkout is left: calling {} in AWS, eu-north-1.\n"
    assert capsys.readouterr().err == announced.format("RequestUnicorn") + announced.format("Two")


def test_beside_a_local_aws_of_this_checkout_aws_has_to_be_meant(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a local AWS that runs, and nothing deployed
    with running.registered(OLD):
        # When it is followed
        with pytest.raises(NothingAppliedError) as refused:
            last_apply.follow()

        # Then AWS is not called, until an empty endpoint says that AWS is meant
        assert f"make local-apply deploys to the local AWS at {OLD}." in str(refused.value)
        assert "put AWS_ENDPOINT_URL= in front" in str(refused.value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", "")
        assert last_apply.follow() is None
        assert capsys.readouterr().err == ""


def test_without_an_apply_and_a_region_nothing_is_called(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    # Then
    with pytest.raises(NothingAppliedError, match="make local-apply or make apply first"):
        last_apply.follow()


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"place": "old"}]', "null"])
def test_a_file_that_cannot_be_read_is_no_file(file: Path, text: str) -> None:
    # Given a list that was cut off, or is of another version
    file.parent.mkdir()
    file.write_text(text)

    # When it is followed, then there is nothing to follow, and it can be written again
    assert last_apply.follow() is None
    last_apply.remember(AWS)
    assert last_apply.follow() == AWS


STATE = {
    "outputs": {"function_name": {"value": "Two"}, "dashboard_name": {"value": "Two-eu-west-1"}},
    "resources": [
        {
            "mode": "managed",
            "type": "aws_lambda_function",
            "instances": [{"attributes": {"function_name": name, "filename": file}}],
        }
        for name, file in (("Two", "build/function.zip"), ("TwoPage", "build/page.zip"))
    ],
}


def test_a_functions_package_is_known_by_its_zip(file: Path) -> None:
    # Given an apply with two functions
    applied = Applied.of(None, "eu-west-1", STATE)
    assert applied is not None
    last_apply.remember(applied)

    # When it is followed
    followed = last_apply.follow()

    # Then each is found by its package, and what was not deployed is refused with the way to deploy it
    assert last_apply.function_of(followed) == "Two"
    assert last_apply.function_of(followed, "page") == "TwoPage"
    with pytest.raises(NothingAppliedError, match=r"(?s)no function of third/.*front_door=true"):
        last_apply.function_of(followed, "third")
    with pytest.raises(NothingAppliedError, match="No apply is left"):
        last_apply.function_of(None, "page")


def test_a_state_without_the_function_is_no_apply() -> None:
    assert Applied.of(None, "eu-west-1", {"outputs": {}, "resources": []}) is None
