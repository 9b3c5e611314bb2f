"""Keeps a deployment in its region: an apply or a destroy elsewhere would lose track of what runs."""

import json
import re
from collections.abc import Mapping
from typing import Any

import botocore.session

from scripts.terminal.errors import UserError

REGION_IN_ARN = re.compile(r"^arn:[^:]+:[^:]+:([^:]+):")


class RegionError(UserError):
    """The environment names another region than the one the state's resources are in."""


def require_same_region(state: str, environ: Mapping[str, str]) -> None:
    """Raise RegionError if a state's resources (JSON text, or "") are in another region than the environment's.

    Terraform itself would find none of them there, take them for deleted, and drop them from the state.
    """
    deployed, current = regions_of(state), region_of(environ)
    if current and deployed and current not in deployed:
        region = " and ".join(sorted(deployed))
        raise RegionError(
            f"this state's resources are in {region}, and this shell points to {current}; nothing was changed.\n"
            f"Set AWS_REGION={min(deployed)}, or deploy to {current} too with a state of its own: "
            f'ARGS="-state={current}.tfstate".'
        )


def region_of(environ: Mapping[str, str]) -> str | None:
    """Return the region that Terraform's AWS provider takes from an environment: variables first, then the profile."""
    if named := environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION"):
        return named
    region: str | None = botocore.session.Session().get_config_variable("region")
    return region


def regions_of(state: str) -> set[str]:
    """Return the regions in the ARNs of a state's managed resources."""
    resources: list[Any] = json.loads(state).get("resources", []) if state.strip() else []
    arns = (
        instance.get("attributes", {}).get("arn")
        for resource in resources
        if resource.get("mode") == "managed"
        for instance in resource.get("instances", [])
    )
    matches = (REGION_IN_ARN.match(arn) for arn in arns if isinstance(arn, str))
    return {match[1] for match in matches if match}
