"""Keeps a deployment in its account and region: an apply or a destroy elsewhere would lose track of its resources."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from scripts.project.paths import ROOT
from scripts.terminal.errors import UserError

PROVIDER = re.compile(r'^provider "aws" \{(.*?)^\}', re.MULTILINE | re.DOTALL)
# Arguments of a provider block that replace what the environment says ("AWS Provider", Terraform Registry).
SETTINGS = re.compile(
    r"^\s*(region|profile|access_key|assume_role\w*|shared_\w+_files)\b", re.MULTILINE
)
# After partition and service come region and account ("Amazon Resource Names (ARNs)", AWS General Reference).
PLACE_IN_ARN = re.compile(r"^arn:[^:]+:[^:]+:([^:]*):(\d{12})?:")


class PlaceError(UserError):
    """The environment names no account or region, or different ones from those of the state's resources."""


def require_named(root: Path = ROOT) -> None:
    """Raise PlaceError unless the environment or the configuration in `root` names an account and a region.

    Terraform itself reports a profile that cannot be read.
    """
    if _is_set_in_configuration(root):
        return
    try:
        credentials = botocore.session.Session().get_credentials()
        # A machine in AWS may know its own region.
        missing = [] if credentials else ["credentials"]
        if not region_of(os.environ) and not (credentials and credentials.method == "iam-role"):
            missing.append("region")
    except (BotoCoreError, ValueError):
        # Terraform says what is wrong with the profile.
        return
    if missing:
        raise PlaceError(
            f"this shell has no AWS {' and no '.join(missing)}: set AWS_PROFILE and AWS_REGION.\n"
            "To try it without an account: make local and, in another shell, make local-apply."
        )


def _is_set_in_configuration(root: Path) -> bool:
    texts = [path.read_text(encoding="utf-8") for path in root.glob("*.tf")]
    blocks = (block for text in texts for block in PROVIDER.findall(text))
    return any(map(SETTINGS.search, blocks)) or any(root.glob("*.tf.json"))


def require_same_region(state: str, environ: Mapping[str, str]) -> None:
    """Raise PlaceError if a state's resources (JSON text, or "") are in another region than the environment's.

    Terraform itself would find none of them there, treat them as deleted, and drop them from the state.
    """
    deployed, current = regions_of(state), region_of(environ)
    if current and deployed and current not in deployed:
        region = " and ".join(sorted(deployed))
        raise PlaceError(
            f"this state's resources are in {region}, and this shell points to {current}; nothing was changed.\n"
            f"Set AWS_REGION={min(deployed)}, or deploy to {current} too with a state of its own: "
            f'ARGS="-state={current}.tfstate".'
        )


def require_same_account(state: str, account: str | None) -> None:
    """Raise PlaceError, as `require_same_region` does, if a state's resources are in another account.

    Nothing is compared if `account` is None, as `account_of_caller` may return it.
    """
    deployed = {account for _, account in _places(state) if account}
    if account and deployed and account not in deployed:
        theirs = " and ".join(sorted(deployed))
        raise PlaceError(
            f"this state's resources are in account {theirs}, and this shell's credentials are account {account}'s; "
            "nothing was changed.\n"
            f"Set AWS_PROFILE or keys of account {min(deployed)}, or deploy to {account} too with a state of its own: "
            f'ARGS="-state={account}.tfstate".'
        )


def account_of_caller() -> str | None:
    """Return the account of the environment's credentials; None if AWS does not answer: Terraform then says why."""
    try:
        session = boto3.Session(region_name=region_of(os.environ))
        return session.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError, ValueError):
        return None


def region_of(environ: Mapping[str, str]) -> str | None:
    """Return the region that Terraform's AWS provider takes from an environment: variables first, then the profile."""
    if named := environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION"):
        return named
    region: str | None = botocore.session.Session().get_config_variable("region")
    return region


def regions_of(state: str) -> set[str]:
    """Return the regions in the ARNs of a state's managed resources."""
    return {region for region, _ in _places(state) if region}


def _places(state: str) -> set[tuple[str, str | None]]:
    """Return the region and the account in each ARN of a state's managed resources; not every ARN has both."""
    resources: list[Any] = json.loads(state).get("resources", []) if state.strip() else []
    arns = (
        instance.get("attributes", {}).get("arn")
        for resource in resources
        if resource.get("mode") == "managed"
        for instance in resource.get("instances", [])
    )
    matches = (PLACE_IN_ARN.match(arn) for arn in arns if isinstance(arn, str))
    return {(match[1], match[2]) for match in matches if match}
