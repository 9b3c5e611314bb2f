"""A call of an operation of Lambda's API, and the function that it names."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_aws import function_name
from local_aws.functions.api.errors import ApiError, invalid_parameter, not_found
from local_aws.functions.api.model import Parameters
from local_aws.functions.api.store import LATEST, Function, Store
from local_aws.functions.api.version import Version

# The most items in a page of a list, even if more are requested.
PAGE = 50
# The operations that a resource-based policy may allow to other accounts; the others are denied.
_ACROSS_ACCOUNTS = {
    *("CreateAlias", "DeleteAlias", "GetAlias", "ListAliases", "UpdateAlias"),
    *("DeleteFunction", "GetFunction", "GetFunctionConfiguration", "UpdateFunctionCode"),
    *("DeleteFunctionConcurrency", "GetFunctionConcurrency", "PutFunctionConcurrency"),
    *("DeleteFunctionEventInvokeConfig", "GetFunctionEventInvokeConfig"),
    *("ListFunctionEventInvokeConfigs", "PutFunctionEventInvokeConfig"),
    *("DeleteProvisionedConcurrencyConfig", "GetProvisionedConcurrencyConfig"),
    *("ListProvisionedConcurrencyConfigs", "PutProvisionedConcurrencyConfig"),
    *("GetPolicy", "Invoke", "ListTags", "ListVersionsByFunction", "PublishVersion"),
    *("TagResource", "UntagResource", "UpdateFunctionEventInvokeConfig"),
}

Result = Mapping[str, Any] | None


@dataclass(frozen=True)
class Reference:
    """A function's name, and the version or alias in `qualifier` if there is one."""

    name: str
    qualifier: str | None


@dataclass(frozen=True)
class Call:
    """An operation's name and parameters, and the store of the account and region that it is for."""

    operation: str
    parameters: Parameters
    store: Store

    def get(self, name: str, default: Any = None) -> Any:
        """Return a parameter, or the default if it is not given."""
        value = self.parameters.get(name)
        return default if value is None else value

    def get_tuple(self, name: str) -> tuple[str, ...] | None:
        """Return a parameter that is a list, as a tuple; None if it is not given."""
        values = self.parameters.get(name)
        return None if values is None else tuple(values)

    def reference(self) -> Reference:
        """Return the function that FunctionName and Qualifier name, whether it exists or not.

        Raises ApiError if they contradict each other, or name another region or account.
        """
        named = str(self.parameters["FunctionName"])
        asked = function_name.parse(named)
        if asked is None:
            raise not_found(f"Function not found: {named}")
        store = self.store
        if asked.region not in (None, store.region):
            raise not_found(
                f"Functions from '{asked.region}' are not reachable in this region ('{store.region}')"
            )
        if asked.account not in (None, store.account):
            if self.operation in _ACROSS_ACCOUNTS:
                raise not_found(f"Function not found: {named}")
            raise ApiError("AccessDeniedException", "")
        qualifier = self.parameters.get("Qualifier") or None
        if qualifier and asked.qualifier not in (None, qualifier):
            raise invalid_parameter(
                "The derived qualifier from the function name does not match the specified qualifier."
            )
        return Reference(asked.name, qualifier or asked.qualifier)

    def arn(self, reference: Reference) -> str:
        """Return the ARN of a reference."""
        return self.store.function_arn(reference.name, reference.qualifier)

    def function(self, reference: Reference | None = None) -> Function:
        """Return the function that the call names; raises ApiError if it does not exist."""
        reference = reference or self.reference()
        function = self.store.functions.get(reference.name)
        if function is None:
            raise not_found(f"Function not found: {self.store.function_arn(reference.name)}")
        return function

    def version(self, reference: Reference) -> tuple[Function, Version]:
        """Return the function and the version of a reference; raises ApiError if it does not exist."""
        function = self.store.functions.get(reference.name)
        version = function.version_of(reference.qualifier) if function else None
        if function is None or version is None:
            raise not_found(f"Function not found: {self.arn(reference)}")
        return function, version

    def qualifier_not_found(self, reference: Reference) -> ApiError:
        """Return the error of operations whose message says whether a version or an alias does not exist."""
        qualifier = reference.qualifier or LATEST
        is_version = qualifier.isdigit() or "$" in qualifier
        kind = "Function not found:" if is_version else "Cannot find alias arn:"
        return not_found(f"{kind} {self.arn(reference)}")

    def page(self, key: str, items: Sequence[Any]) -> Mapping[str, Any]:
        """Return one page of a list under `key`, with the NextMarker if there is more."""
        start = _offset(self.get("Marker"))
        end = start + min(self.get("MaxItems", PAGE), PAGE)
        more = base64.b64encode(str(end).encode()).decode() if end < len(items) else None
        return {key: list(items[start:end]), "NextMarker": more}


def _offset(marker: str | None) -> int:
    if marker is None:
        return 0
    try:
        return int(base64.b64decode(marker, validate=True))
    except ValueError as error:
        raise invalid_parameter("Invalid request provided: Invalid Marker.") from error
