"""Derives the resources of a call: matches its parameters by name with the ARNs in the reference."""

import functools
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from local_aws.iam import reference

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_PLACE = frozenset(("Partition", "Region", "Account"))
# A parameter that names a resource is called like its type, followed by one of these.
_ENDINGS = (
    "",
    "name",
    "names",
    "id",
    "ids",
    "identifier",
    "identifiers",
    "arn",
    "arns",
    "s",
)
_VARIABLE_ENDING = re.compile(
    r"(NameWithPath|NameWithoutLeadingSlash|IdWithPath|Name|ResourceId|Id|Identifier|Label)$"
)
# Names of parameters that hold the ARN, or the name, of whatever resource the operation is for.
_ANY_ARN = frozenset(("arn", "resourcearn", "resource", "resourceid", "targetarn", "sourcearn"))
_ANY_NAME = frozenset(("name", "names", "id"))
# Services where a name may have colons and slashes.
_FREE_NAMES = frozenset(("cloudwatch", "s3"))
# Parameters with another name than the variable has in the reference.
_ALIASES = {
    ("cloudwatch", "InsightRuleName"): ("rulename", "rulenames"),
    ("codedeploy", "DeploymentGroupName"): ("currentdeploymentgroupname",),
    ("codedeploy", "DeploymentConfigurationName"): ("deploymentconfigname",),
    ("dynamodb", "TableName"): ("requestitems", "sourcetablename", "targettablename"),
    ("lambda", "LayerVersion"): ("versionnumber",),
    ("lambda", "Alias"): ("qualifier", "name"),
    ("lambda", "Version"): ("qualifier",),
    ("ssm", "PatchBaselineIdResourceId"): ("baselineid",),
    ("s3", "BucketName"): ("bucket",),
    ("s3", "ObjectName"): ("key",),
}


class Place(NamedTuple):
    """Where a call is made and its resources are, and the ARN of the user who makes it, if it is a user."""

    partition: str
    region: str
    account: str
    user: str | None = None


@dataclass(frozen=True)
class Derived:
    """The ARNs of one type that a call names, and the parameters that name them; `whole` if these hold whole ARNs."""

    arns: tuple[str, ...]
    parameters: frozenset[str]
    whole: bool


@dataclass(frozen=True)
class _Plan:
    """A template of ARNs, and pairs of a variable in it and the parameter that holds its value."""

    template: str
    variables: tuple[tuple[str, str], ...]


def derive(
    service: str, resource_type: str, operation: str, parameters: Mapping[str, Any], place: Place
) -> Derived | None:
    """Return the resources of a type that a call names; None if its parameters do not name any."""
    given = tuple(name for name, value in parameters.items() if value)
    if whole := _whole_arns(service, resource_type, operation, given, parameters):
        return whole
    plan = _plan(service, resource_type, operation, given)
    return _filled(service, plan, parameters, place) if plan else None


def naming(
    service: str, resource_type: str, operation: str, given: tuple[str, ...]
) -> tuple[str, ...]:
    """Return which of the `given` parameters have values that `derive` reads."""
    plan = _plan(service, resource_type, operation, given)
    return (
        *(name for _, name in _arn_parameters(service, resource_type, operation, given)),
        *(name for _, name in (plan.variables if plan else ())),
    )


def may_name(service: str, resource_type: str, operation: str, members: tuple[str, ...]) -> bool:
    """Whether an operation with these parameters can name a resource of a type."""
    if any(normalized(name) in _ANY_ARN for name in members):
        return True
    return _plan(service, resource_type, operation, members) is not None


@functools.lru_cache(maxsize=4096)
def _plan(service: str, resource_type: str, operation: str, given: tuple[str, ...]) -> _Plan | None:
    by_name = {normalized(name): name for name in given}
    for template in reference.arns(service, resource_type):
        variables = [name for name in _VARIABLE.findall(template) if name not in _PLACE]
        named = []
        for variable in variables:
            own = variable == variables[-1]
            names = _names(service, resource_type, variable, operation, own=own)
            named.append(next((by_name[name] for name in names if name in by_name), None))
        if named and all(named):
            return _Plan(template, tuple(zip(variables, map(str, named), strict=True)))
    return None


def _whole_arns(
    service: str,
    resource_type: str,
    operation: str,
    given: tuple[str, ...],
    parameters: Mapping[str, Any],
) -> Derived | None:
    """Return the resources of a type whose whole ARNs a parameter holds."""
    for template, name in _arn_parameters(service, resource_type, operation, given):
        is_arn = reference.arn_regex(template)
        arns = [value for value in _several(parameters[name]) if is_arn.fullmatch(value)]
        if arns:
            return Derived(tuple(arns), frozenset((name,)), whole=True)
    return None


@functools.lru_cache(maxsize=4096)
def _arn_parameters(
    service: str, resource_type: str, operation: str, given: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Return pairs of a template of ARNs and a parameter that may hold such ARNs."""
    return tuple(
        (template, name)
        for template in reference.arns(service, resource_type)
        for name in given
        if normalized(name)
        in {
            *_names(service, resource_type, _VARIABLE.findall(template)[-1], operation, own=True),
            *_ANY_ARN,
        }
    )


def _filled(
    service: str, plan: _Plan, parameters: Mapping[str, Any], place: Place
) -> Derived | None:
    """Return the ARNs of a template, filled with the values of the parameters."""
    known = {"Partition": place.partition, "Region": place.region, "Account": place.account}
    variables = [variable for variable, _ in plan.variables]
    values = [_several(parameters[name]) for _, name in plan.variables]
    arns = [
        _fill(service, plan.template, known, dict(zip(variables, combination, strict=True)))
        for combination in itertools.product(*values)
    ]
    if not arns or None in arns:
        return None
    names = frozenset(name for _, name in plan.variables)
    return Derived(tuple(map(str, arns)), names, whole=False)


def _fill(
    service: str, template: str, known: Mapping[str, str], values: Mapping[str, str]
) -> str | None:
    """Fill in a template; None if a value is not a plain name, which the service might interpret in another way.

    The first of several values, such as the table of an index, may be a whole ARN: the result then begins with it.
    """
    first, *rest = values
    if rest and values[first].startswith("arn:"):
        beginning, _, template = template.partition(f"${{{first}}}")
        if not reference.arn_regex(f"{beginning}${{{first}}}").fullmatch(values[first]):
            return None
        template = f"${{{first}}}{template}"
        checked = [values[name] for name in rest]
    else:
        checked = list(values.values())
    if service not in _FREE_NAMES and any(set(":/") & set(value) for value in checked):
        return None
    text = {**known, **values}
    return _VARIABLE.sub(lambda match: text[match[1]], template)


def _names(
    service: str, resource_type: str, variable: str, operation: str, *, own: bool
) -> tuple[str, ...]:
    """Return the normalized names of parameters that may hold a variable of an ARN, the most likely one first.

    With `own`, it is the last variable, which is the resource's own name.
    """
    thing = normalized(_VARIABLE_ENDING.sub("", variable))
    names = [normalized(variable), *(thing + ending for ending in _ENDINGS if thing)]
    names += _ALIASES.get((service, variable), ())
    if own:
        kind = normalized(resource_type)
        names += [kind + ending for ending in _ENDINGS]
        if (thing and thing in normalized(operation)) or kind in normalized(operation):
            names += sorted(_ANY_NAME)
    return tuple(dict.fromkeys(names))


def normalized(name: str) -> str:
    """Return a name in lower case with only letters and digits, to compare names in different spellings."""
    return re.sub("[^a-z0-9]", "", name.lower())


def _several(value: Any) -> list[str]:
    """Return the strings in a list, the keys of a map, or a single value."""
    values = list(value) if isinstance(value, list | dict) else [value]
    return [str(item) for item in values if isinstance(item, str | int)]
