"""What the resource-based policies of functions and of layer versions have in common: their JSON, and errors."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from local_aws.functions.api.errors import ApiError, conflict, not_found

Statement = Mapping[str, Any]


def statement_json(statement: Statement) -> str:
    """Return a statement as Lambda's answers contain it."""
    return json.dumps(statement, separators=(",", ":"))


def policy_json(statements: Iterable[Statement]) -> str:
    """Return a policy as Lambda's answers contain it."""
    document = {"Version": "2012-10-17", "Id": "default", "Statement": list(statements)}
    return json.dumps(document, separators=(",", ":"))


def account_root(account: str, partition: str) -> dict[str, str]:
    """Return the principal that stands for an account."""
    return {"AWS": f"arn:{partition}:iam::{account}:root"}


def statement_exists(sid: str) -> ApiError:
    """Return the error for a new statement whose id is taken."""
    return conflict(
        f"The statement id ({sid}) provided already exists. "
        "Please provide a new statement id, or remove the existing statement."
    )


def no_such_statement(sid: str) -> ApiError:
    """Return the error for a statement that does not exist."""
    return not_found(f"Statement {sid} is not found in resource policy.")


def no_policy() -> ApiError:
    """Return the error for a policy that does not exist."""
    return not_found("No policy is associated with the given resource.")
