"""A change to the front door that is reverted leaves an empty plan, and the pool keeps its riders."""

import shutil
from pathlib import Path

import pytest

from scripts.deployment_package.packages import build_all
from scripts.deployment_package.runtime import DEFAULT_RUNTIME
from scripts.project.paths import ROOT
from scripts.terraform.local_stack import LocalStack
from tests.integration.deployed import Client

# Edits of the modules: what a person might change, in every resource of the door.
CORS = """  cors_configuration {
    allow_origins = ["https://a.example"]
    allow_methods = ["POST"]
    max_age       = 300
  }
"""
EDITS = {
    "modules/front_door/main.tf": (
        ('  protocol_type = "HTTP"\n', f'  protocol_type = "HTTP"\n\n{CORS}'),
        (
            "    client_id    = var.client_id\n",
            '    client_id    = var.client_id\n    more         = "text"\n',
        ),
        ("throttling_rate_limit  = var.rate_limit", "throttling_rate_limit  = 7"),
        ("timeout_milliseconds   = 30000", "timeout_milliseconds   = 12000"),
    ),
    "modules/riders/main.tf": (
        ("minimum_length                   = 12", "minimum_length                   = 15"),
        ("  id_token_validity      = 60", "  id_token_validity      = 30"),
    ),
}


@pytest.fixture
def checkout(isolated: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the configuration, which the stack is made from."""
    build_all(DEFAULT_RUNTIME)
    copy = tmp_path / "checkout"
    copy.mkdir()
    for path in [*ROOT.glob("*.tf"), ROOT / ".terraform.lock.hcl"]:
        shutil.copy(path, copy)
    shutil.copytree(ROOT / "modules", copy / "modules")
    (copy / "build").symlink_to(ROOT / "build")
    monkeypatch.setattr("scripts.terraform.local_stack.ROOT", copy)
    # It is initialised by itself: a kept init would name the modules of another checkout, and beside a provider that
    # runs already none would be installed.
    monkeypatch.delenv("TF_REATTACH_PROVIDERS")
    monkeypatch.setattr("scripts.terraform.local_stack.LOCAL", tmp_path / ".local")
    return copy


def test_changes_and_their_reversal_end_in_empty_plans(
    checkout: Path, tmp_path: Path, client: Client
) -> None:
    # Given an open door
    stack = LocalStack(tmp_path / "stack")
    stack.init()
    variables = {
        "front_door": True,
        "function_name": "Changed",
        "table_name": "ChangedRides",
        "role_name": "Changed",
    }
    tags = {"Project": "WildRydes", "Stage": "two"}
    stack.apply(**variables)
    try:
        url, pool = stack.outputs()["url"], pool_of(client)
        originals = {name: (checkout / name).read_text() for name in EDITS}

        # When every resource of it is changed, tags too
        for name, edits in EDITS.items():
            text = originals[name]
            for old, new in edits:
                assert old in text, old
                text = text.replace(old, new)
            (checkout / name).write_text(text)
        stack.apply(**variables, tags=tags)

        # Then the next plan is empty
        assert stack.plan_is_empty(**variables, tags=tags)

        # And when all is changed back, it is empty again
        for name, text in originals.items():
            (checkout / name).write_text(text)
        stack.apply(**variables)
        assert stack.plan_is_empty(**variables)

        # And it is still the same door and the same pool
        assert (stack.outputs()["url"], pool_of(client)) == (url, pool)
    finally:
        stack.destroy(**variables)


def pool_of(client: Client) -> str:
    pools = client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    (pool_id,) = (pool["Id"] for pool in pools if pool["Name"] == "ChangedRiders")
    return str(pool_id)
