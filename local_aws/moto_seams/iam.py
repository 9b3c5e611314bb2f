"""moto 5.2.5's IAM does not check trust policies, and users have no permissions boundaries.

It also stores identity-based policies with principals, refuses numbers in conditions, accepts policies of any size,
cannot simulate policies, and loads AWS's managed policies six times. Without this seam test_policy_documents.py,
test_authorization.py and test_simulation.py (tests/integration) and test_aws_policies.py (tests/unit) fail.
"""

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import moto.iam.models
from moto.core.responses import ActionResult, EmptyResult
from moto.iam.exceptions import (
    InvalidInput,
    LimitExceededException,
    MalformedPolicyDocument,
    NotFoundException,
)
from moto.iam.models import IAMBackend, Role, User
from moto.iam.responses import IamResponse

from local_aws.arns import parse_arn
from local_aws.iam import documents as iam_documents
from local_aws.iam import quotas, simulation
from local_aws.iam.documents import Kind
from local_aws.iam.policy import BOUNDARY, IDENTITY, PolicySet
from local_aws.iam.principals import find_identity
from local_aws.iam.simulation import Scenario

# The partition of the local AWS; moto has an IAM for each of six.
PARTITION = "aws"
_init_aws_policies = IAMBackend._init_aws_policies
_create_role = IAMBackend.create_role
_create_user = IamResponse.create_user
_create_policy = IAMBackend.create_policy
_create_policy_version = IAMBackend.create_policy_version


def install() -> None:
    """Refuse the documents that IAM refuses, wherever one is stored, and add boundaries and simulations."""
    moto.iam.models.IAMPolicyDocumentValidator = functools.partial(_Validator, Kind.IDENTITY)
    moto.iam.models.IAMTrustPolicyDocumentValidator = functools.partial(_Validator, Kind.TRUST)
    IAMBackend._init_aws_policies = init_aws_policies
    IAMBackend.create_role = create_role
    IAMBackend.create_policy = create_policy
    IAMBackend.create_policy_version = create_policy_version
    for kind in quotas.INLINE_SIZES:
        for name, within_quota in (
            (f"put_{kind}_policy", _putting),
            (f"attach_{kind}_policy", _attaching),
        ):
            setattr(IAMBackend, name, within_quota(kind, getattr(IAMBackend, name)))
    User.permissions_boundary_arn = None
    User.permissions_boundary = Role.permissions_boundary
    IamResponse.create_user = create_user
    IamResponse.put_user_permissions_boundary = put_user_permissions_boundary
    IamResponse.delete_user_permissions_boundary = delete_user_permissions_boundary
    IamResponse.simulate_custom_policy = simulate_custom_policy
    IamResponse.simulate_principal_policy = simulate_principal_policy


class _Validator:
    """Replaces moto's validators of documents."""

    def __init__(self, kind: Kind, document: str) -> None:
        self._kind = kind
        self._document = document

    def validate(self) -> None:
        """Raise MalformedPolicyDocument if IAM would."""
        check(self._document, self._kind)


def check(document: str, kind: Kind) -> None:
    """Raise moto's MalformedPolicyDocument, or LimitExceededException, if IAM would refuse the document."""
    if kind is Kind.TRUST:
        _limit(quotas.trust_fault(document))
    if fault := iam_documents.fault(document, kind):
        raise MalformedPolicyDocument(fault)


def _limit(fault: str | None) -> None:
    if fault:
        raise LimitExceededException(fault)


def init_aws_policies(backend: IAMBackend) -> list[Any]:
    """Return AWS's 1,500 managed policies, which take a tenth of a second, for the one partition that is used."""
    return _init_aws_policies(backend) if backend.region_name == PARTITION else []


def create_policy(
    backend: IAMBackend, description: str, path: str, policy_document: str, *rest: Any, **more: Any
) -> Any:
    """Create a managed policy as moto does, unless it is too large."""
    _limit(quotas.managed_fault(policy_document))
    return _create_policy(backend, description, path, policy_document, *rest, **more)


def create_policy_version(
    backend: IAMBackend, policy_arn: str, policy_document: str, set_as_default: bool
) -> Any:
    """Create a version of a managed policy as moto does, unless it is too large."""
    _limit(quotas.managed_fault(policy_document))
    return _create_policy_version(backend, policy_arn, policy_document, set_as_default)


def _putting(kind: str, put: Callable[..., None]) -> Callable[..., None]:
    """Return moto's function that stores inline policies, with a check of their size together."""

    def put_within_quota(
        backend: IAMBackend, name: str, policy_name: str, policy_json: str
    ) -> None:
        others = getattr(backend, f"get_{kind}")(name).policies
        documents = {**others, policy_name: policy_json}.values()
        _limit(quotas.inline_fault(kind, name, documents))
        put(backend, name, policy_name, policy_json)

    return put_within_quota


def _attaching(kind: str, attach: Callable[..., None]) -> Callable[..., None]:
    """Return moto's function that attaches managed policies, with a check of their number."""

    def attach_within_quota(backend: IAMBackend, policy_arn: str, *name: str, **named: str) -> None:
        [identity] = (*name, *named.values())
        attached = getattr(backend, f"get_{kind}")(identity).managed_policies
        _limit(quotas.attached_fault(kind, [*attached, policy_arn]))
        attach(backend, policy_arn, identity)

    return attach_within_quota


def create_role(
    backend: IAMBackend, role_name: str, assume_role_policy_document: str, *rest: Any, **more: Any
) -> Any:
    """Create a role as moto does, if its trust policy is valid."""
    check(assume_role_policy_document, Kind.TRUST)
    return _create_role(backend, role_name, assume_role_policy_document, *rest, **more)


def create_user(response: IamResponse) -> ActionResult:
    """Create a user as moto does, and set the permissions boundary."""
    result = _create_user(response)
    result.result["User"].permissions_boundary_arn = response._get_param("PermissionsBoundary")
    return result


def put_user_permissions_boundary(response: IamResponse) -> ActionResult:
    """Handle PutUserPermissionsBoundary, which moto lacks."""
    backend = response.backend
    user = backend.get_user(response._get_param("UserName"))
    # It raises NoSuchEntity if the policy does not exist, as AWS does.
    user.permissions_boundary_arn = backend.get_policy(
        response._get_param("PermissionsBoundary")
    ).arn
    return EmptyResult()


def delete_user_permissions_boundary(response: IamResponse) -> ActionResult:
    """Handle DeleteUserPermissionsBoundary, which moto lacks."""
    user = response.backend.get_user(response._get_param("UserName"))
    user.permissions_boundary_arn = None
    return EmptyResult()


def simulate_custom_policy(response: IamResponse) -> ActionResult:
    """Handle SimulateCustomPolicy, which moto lacks."""
    documents = PolicySet(IDENTITY, tuple(_documents(response, "PolicyInputList")))
    scenario = _scenario(response)
    return _simulated(response, replace(scenario, policies=(documents, *scenario.policies)))


def simulate_principal_policy(response: IamResponse) -> ActionResult:
    """Handle SimulatePrincipalPolicy, which moto lacks."""
    arn = response._get_param("PolicySourceArn")
    principal = find_identity(arn)
    if principal is None:
        raise NotFoundException(f"Entity {arn} cannot be found.")
    documents = _documents(response, "PolicyInputList")
    return _simulated(response, simulation.of_identity(principal, _scenario(response), documents))


def _scenario(response: IamResponse) -> Scenario:
    caller = response._get_param("CallerArn")
    owner = response._get_param("ResourceOwner") or ""
    owner_arn = parse_arn(owner)
    boundaries = tuple(_documents(response, "PermissionsBoundaryPolicyInputList"))
    return Scenario(
        policies=(PolicySet(BOUNDARY, boundaries),) if boundaries else (),
        resource_policy=response._get_param("ResourcePolicy"),
        resource_account=owner_arn.account if owner_arn else owner or None,
        caller=simulation.caller_of(caller) if caller else None,
        context=simulation.context_of(response._get_param("ContextEntries") or []),
    )


def _documents(response: IamResponse, parameter: str) -> list[str]:
    documents: list[str] = response._get_param(parameter) or []
    for document in documents:
        if fault := iam_documents.fault(document, Kind.SESSION):
            raise InvalidInput(fault)
    return documents


def _simulated(response: IamResponse, scenario: Scenario) -> ActionResult:
    actions = response._get_param("ActionNames") or []
    resources = response._get_param("ResourceArns") or []
    evaluated = simulation.results(scenario, actions, resources)
    return ActionResult({"EvaluationResults": evaluated, "IsTruncated": False})
