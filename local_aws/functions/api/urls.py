"""The configs of function URLs: one for a function, and one for each of its aliases."""

import secrets
import string
from typing import Any

from local_aws.functions.api.call import Call, Reference, Result
from local_aws.functions.api.errors import conflict, no_such_resource, not_found
from local_aws.functions.api.store import LATEST, Function, FunctionUrl
from local_aws.functions.api.version import timestamp

_ALPHABET = string.ascii_lowercase + string.digits


def create_function_url_config(call: Call) -> Result:
    """Create the URL of a function or an alias."""
    reference = call.reference()
    function = _function(call, reference)
    key = reference.qualifier or LATEST
    if key in function.urls:
        raise conflict(
            f"Failed to create function url config for [functionArn = {call.arn(reference)}]. "
            "Error message:  FunctionUrlConfig exists for this Lambda function"
        )
    now = timestamp()
    url = FunctionUrl(
        url_id="".join(secrets.choice(_ALPHABET) for _ in range(32)),
        auth_type=call.get("AuthType"),
        invoke_mode=call.get("InvokeMode", "BUFFERED"),
        cors=call.get("Cors"),
        created=now,
        last_modified=now,
    )
    function.urls[key] = url
    return _described(call, reference, url)


def get_function_url_config(call: Call) -> Result:
    """Return the URL of a function or an alias."""
    reference = call.reference()
    function = call.store.functions.get(reference.name)
    return _described(call, reference, _existing(function, reference))


def update_function_url_config(call: Call) -> Result:
    """Change the given members of a URL's config."""
    reference = call.reference()
    function = _function(call, reference)
    old = _existing(function, reference)
    url = FunctionUrl(
        url_id=old.url_id,
        auth_type=call.get("AuthType", old.auth_type),
        invoke_mode=call.get("InvokeMode", old.invoke_mode),
        cors=call.get("Cors", old.cors) or None,
        created=old.created,
        last_modified=timestamp(),
    )
    function.urls[reference.qualifier or LATEST] = url
    return _described(call, reference, url)


def delete_function_url_config(call: Call) -> Result:
    """Delete the URL of a function or an alias."""
    reference = call.reference()
    function = call.store.functions.get(reference.name)
    _existing(function, reference)
    call.function(reference).urls.pop(reference.qualifier or LATEST)
    return None


def list_function_url_configs(call: Call) -> Result:
    """List the URLs of a function and its aliases."""
    reference = call.reference()
    function = _function(call, Reference(reference.name, None))
    return call.page(
        "FunctionUrlConfigs",
        [
            _described(call, Reference(function.name, None if key == LATEST else key), url)
            for key, url in function.urls.items()
        ],
    )


def _function(call: Call, reference: Reference) -> Function:
    function = call.store.functions.get(reference.name)
    if function is None or (reference.qualifier and reference.qualifier not in function.aliases):
        raise not_found("Function does not exist")
    return function


def _existing(function: Function | None, reference: Reference) -> FunctionUrl:
    url = function.urls.get(reference.qualifier or LATEST) if function else None
    if url is None:
        raise no_such_resource()
    return url


def _described(call: Call, reference: Reference, url: FunctionUrl) -> dict[str, Any]:
    return {
        "FunctionUrl": call.store.url_of(url.url_id),
        "FunctionArn": call.arn(reference),
        "AuthType": url.auth_type,
        "Cors": url.cors,
        "CreationTime": url.created,
        "LastModifiedTime": url.last_modified,
        "InvokeMode": url.invoke_mode,
    }
