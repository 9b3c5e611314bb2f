"""The resources of calls whose parameters the general rule of `resource_arns` cannot match: a function per service."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from local_aws import function_name
from local_aws.iam import reference, stored_arns
from local_aws.iam.actions import Need
from local_aws.iam.api_call import ApiCall
from local_aws.iam.operations import operation_of, parameters_of
from local_aws.iam.resource_arns import Place
from local_aws.iam.resources import Resource

# None if the general rule applies, and [] if the call does not say which resource it is for.
Resources = list[Resource] | None


def resources(call: ApiCall, need: Need, place: Place) -> Resources:
    """Return a call's resources; None if the general rule derives them, [] if they cannot be derived."""
    find = _SERVICES.get(need.service)
    return find(call, need, place) if find else None


def _types(need: Need) -> Mapping[str, bool]:
    return reference.resource_types(need.service, need.action)


def _api_gateway(call: ApiCall, need: Need, place: Place) -> Resources:
    """Return the path of the request: "Control access to a REST API with IAM permissions"."""
    operation = operation_of(call.service, call.operation)
    path = operation.http["requestUri"].partition("?")[0].removeprefix("/v2")
    locations = {
        member.serialization.get("name", name): name
        for name, member in parameters_of(operation).items()
    }
    missing = []

    def value(match: re.Match[str]) -> str:
        name = match[1].removesuffix("+")
        given = need.parameters.get(locations.get(name, name))
        if given is None:
            missing.append(name)
        return str(given)

    path = re.sub(r"\{([^}]+)\}", value, path)
    return [] if missing else [f"arn:{place.partition}:apigateway:{place.region}::{path}"]


def _events(call: ApiCall, need: Need, place: Place) -> Resources:
    """Return a rule's ARN, which does not name the default event bus."""
    begins = f"arn:{place.partition}:events:{place.region}:{place.account}:"
    if call.operation == "PutEvents":
        return _buses(need.parameters.get("Entries"), begins)
    name = need.parameters.get("Rule") or (
        need.parameters.get("Name") if "Rule" in call.operation else None
    )
    if (
        not name
        or not {"rule-on-default-event-bus", "rule-on-custom-event-bus"} & _types(need).keys()
    ):
        return None
    bus = str(need.parameters.get("EventBusName") or "default").rpartition("/")[2]
    path = name if bus == "default" else f"{bus}/{name}"
    return [f"{begins}rule/{path}"]


def _buses(entries: Any, begins: str) -> Resources:
    """Return the event bus of each entry of PutEvents."""
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        return []
    names = [str(entry.get("EventBusName") or "default") for entry in entries]
    buses = [name if name.startswith("arn:") else f"{begins}event-bus/{name}" for name in names]
    return list(dict.fromkeys(buses))


_IAM_KINDS = {
    "group": "GroupName",
    "instance-profile": "InstanceProfileName",
    "mfa": "VirtualMFADeviceName",
    "policy": "PolicyName",
    "role": "RoleName",
    "server-certificate": "ServerCertificateName",
    "user": "UserName",
}


def _iam(call: ApiCall, need: Need, place: Place) -> Resources:
    """Return the ARN of a role, a user, a group or the like, which includes its path."""
    makes = call.operation.startswith(("Create", "Upload"))
    for kind in _types(need):
        name = need.parameters.get(_IAM_KINDS.get(kind, ""))
        if not isinstance(name, str) or (kind == "policy" and not makes):
            continue
        path = need.parameters.get("Path") if makes else None
        existing = (
            None
            if makes and path
            else stored_arns.iam_arn(kind, name, place.account, place.partition)
        )
        begins = f"arn:{place.partition}:iam::{place.account}:{kind}"
        return [existing or f"{begins}{path or '/'}{name}"]
    # "If you do not specify a user name, IAM determines it from the access key that signs the request."
    if (
        "user" in _types(need)
        and not {"UserName", "AccessKeyId", "Arn", "PolicySourceArn"} & need.parameters.keys()
    ):
        return [place.user] if place.user else []
    return None


def _kms(_: ApiCall, need: Need, place: Place) -> Resources:
    """Return the ARN of a key, even if an alias names it, and that of the alias if the action is for aliases."""
    names = [
        str(need.parameters[name])
        for name in ("KeyId", "TargetKeyId", "SourceKeyId", "DestinationKeyId")
        if need.parameters.get(name)
    ]
    alias = need.parameters.get("AliasName")
    begins = f"arn:{place.partition}:kms:{place.region}:{place.account}"
    arns: list[Resource] = [f"{begins}:{alias}"] if alias and "alias" in _types(need) else []
    if "key" not in _types(need):
        return arns or None
    for name in names:
        arn = stored_arns.key_arn(name, place.account, place.region)
        if arn is None and "alias/" in name:
            return []
        arns.append(arn or (name if name.startswith("arn:") else f"{begins}:key/{name}"))
    return arns


def _lambda(call: ApiCall, need: Need, place: Place) -> Resources:
    """Return the ARN of a function with its version or alias, in whatever form it is named."""
    named = need.parameters.get("FunctionName")
    if not named:
        return None
    asked = function_name.parse(str(named))
    if asked is None:
        return []
    qualifier = asked.qualifier or need.parameters.get("Qualifier")
    if not _types(need):
        return None
    begins = f"arn:{place.partition}:lambda:{asked.region or place.region}:{asked.account or place.account}"
    return [f"{begins}:function:{asked.name}{f':{qualifier}' if qualifier else ''}"]


def _logs(_: ApiCall, need: Need, place: Place) -> Resources:
    """Return a group's ARN as that of its streams: policies name it as GROUP:*, says the CloudWatch Logs guide."""
    types = _types(need)
    if not {"log-group", "log-stream"} & types.keys() or need.parameters.get("resourceArn"):
        return None
    begins = f"arn:{place.partition}:logs:{place.region}:{place.account}:log-group:"
    groups: list[str] = []
    for name in ("logGroupName", "logGroupIdentifier", "logGroupNames", "logGroupIdentifiers"):
        value = need.parameters.get(name)
        groups += value if isinstance(value, list) else [str(value)] if value else []
    stream = need.parameters.get("logStreamName") if "log-stream" in types else None
    return [
        f"{group.removesuffix(':*') if group.startswith('arn:') else begins + group}:log-stream:{stream or ''}"
        for group in groups
    ]


def _secrets(call: ApiCall, need: Need, place: Place) -> Resources:
    """Return the ARN of a secret, in which Secrets Manager adds a hyphen and six characters to the name."""
    named = need.parameters.get("SecretId")
    if named:
        arn = stored_arns.secret_arn(str(named), place.account, place.region)
        return [arn] if arn else []
    name = need.parameters.get("Name")
    if name and call.operation == "CreateSecret":
        # The characters are not known yet; policies write ?????? or * in their place.
        return [
            f"arn:{place.partition}:secretsmanager:{place.region}:{place.account}:secret:{name}-??????"
        ]
    return None


def _sns(_: ApiCall, need: Need, __: Place) -> Resources:
    """Return the topic of a subscription, whose ARN begins with the topic's."""
    subscription = need.parameters.get("SubscriptionArn")
    if subscription and "topic" in _types(need):
        return [str(subscription).rpartition(":")[0]]
    return ["*"] if need.parameters.get("PhoneNumber") else None


def _sqs(call: ApiCall, need: Need, place: Place) -> Resources:
    """Return the ARN of a queue; its URL ends with the account and the name."""
    url = need.parameters.get("QueueUrl")
    if not url:
        return None
    account, name = ["", "", *str(url).split("/")][-2:]
    owner = account if re.fullmatch(r"\d{12}", account) else place.account
    return [f"arn:{place.partition}:sqs:{place.region}:{owner}:{name}"]


def _ssm(_: ApiCall, need: Need, place: Place) -> Resources:
    """Return the ARN of a parameter, which has one slash before the name even if the name begins with one."""
    if "parameter" not in _types(need):
        return None
    parameters: Mapping[str, Any] = need.parameters
    named = parameters.get("Name") or parameters.get("Names") or parameters.get("Path")
    if parameters.get("ResourceType") == "Parameter":
        named = parameters.get("ResourceId")
    if not named:
        return None
    names = named if isinstance(named, list) else [named]
    begins = f"arn:{place.partition}:ssm:{place.region}:{place.account}:parameter/"
    return [
        str(name) if str(name).startswith("arn:") else begins + str(name).removeprefix("/")
        for name in names
    ]


_SERVICES: dict[str, Callable[[ApiCall, Need, Place], Resources]] = {
    "apigateway": _api_gateway,
    "events": _events,
    "iam": _iam,
    "kms": _kms,
    "lambda": _lambda,
    "logs": _logs,
    "secretsmanager": _secrets,
    "sns": _sns,
    "sqs": _sqs,
    "ssm": _ssm,
}
