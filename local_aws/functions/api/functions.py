"""The operations that create, read, update, list and delete functions."""

from dataclasses import replace

from local_aws.functions.api import answers, configuration
from local_aws.functions.api.call import Call, Result
from local_aws.functions.api.code import check_total, code_of
from local_aws.functions.api.code_locations import Snapshot
from local_aws.functions.api.code_signing import check_exists
from local_aws.functions.api.errors import conflict, invalid_parameter, stale_revision
from local_aws.functions.api.limits import check_configuration
from local_aws.functions.api.states import check_settled
from local_aws.functions.api.store import LATEST, Function
from local_aws.functions.api.tags import check_tags
from local_aws.functions.api.validation import name_pattern, validation_error, violation
from local_aws.functions.api.version import Code, Configuration, Version
from local_aws.functions.api.versions import publish

NAME_LIMIT = 64


def create_function(call: Call) -> Result:
    """Create a function, and with Publish its version 1."""
    name = _new_name(call)
    made = configuration.created(call, name)
    code = code_of(call.get("Code"), call.store)
    _check(name, made, code, call)
    check_tags(call.get("Tags", {}))
    if name in call.store.functions:
        raise conflict(f"Function already exist: {name}")
    signing = call.get("CodeSigningConfigArn")
    if signing:
        check_exists(signing, call.store)
    latest = Version.new(LATEST, made, code)
    function = Function(
        name,
        {LATEST: latest},
        tags=dict(call.get("Tags", {})),
        code_signing_config_arn=signing,
    )
    call.store.functions[name] = function
    version = publish(function, None) if call.get("Publish") else latest
    return answers.configuration_with_state(function, version, call.store)


def get_function(call: Call) -> Result:
    """Return a version's configuration, and a URL of its code."""
    reference = call.reference()
    function, version = call.version(reference)
    reserved = function.reserved_concurrency
    return {
        "Configuration": answers.configuration_with_state(
            function, version, call.store, reference.qualifier
        ),
        "Code": {
            "RepositoryType": "S3",
            "Location": Snapshot(call.store, function.name, version.code).location(),
        },
        "Tags": function.tags or None,
        "Concurrency": None if reserved is None else {"ReservedConcurrentExecutions": reserved},
    }


def get_function_configuration(call: Call) -> Result:
    """Return a version's configuration."""
    reference = call.reference()
    function, version = call.version(reference)
    return answers.configuration_with_state(function, version, call.store, reference.qualifier)


def update_function_code(call: Call) -> Result:
    """Replace the code of $LATEST, and with Publish publish it."""
    function = _to_update(call)
    latest = function.latest
    if call.get("ImageUri"):
        raise invalid_parameter(
            "Please don't provide ImageUri when updating a function with packageType Zip."
        )
    code = code_of(call.parameters, call.store)
    made = latest.configuration
    if architectures := call.get("Architectures"):
        made = configuration.with_architectures(made, architectures)
    check_total(code, [layer.code for layer in made.layers])
    if call.get("DryRun"):
        preview = replace(latest, code=code, configuration=made)
        return answers.configuration_with_state(function, preview, call.store)
    latest.update(made, code)
    if call.get("Publish"):
        version = publish(function, None)
        return answers.configuration_with_state(function, version, call.store, version.name)
    return answers.configuration_with_state(function, latest, call.store)


def update_function_configuration(call: Call) -> Result:
    """Change the configuration of $LATEST."""
    function = _to_update(call)
    made = configuration.updated(call, function.latest.configuration)
    _check(function.name, made, function.latest.code, call)
    function.latest.update(made, function.latest.code)
    return answers.configuration_with_state(function, function.latest, call.store)


def delete_function(call: Call) -> Result:
    """Delete a version, or the function with all its versions."""
    reference = call.reference()
    if reference.qualifier == LATEST:
        raise invalid_parameter("$LATEST version cannot be deleted without deleting the function.")
    function = call.function(reference)
    if reference.qualifier is None:
        del call.store.functions[function.name]
    else:
        _delete_version(function, reference.qualifier)
    return None


def list_functions(call: Call) -> Result:
    """List all functions, or with FunctionVersion=ALL all their versions."""
    if call.get("FunctionVersion") == "ALL":
        listed = [
            answers.configuration(function, version, call.store, version.name)
            for function in _by_name(call)
            for version in function.versions.values()
        ]
    else:
        listed = [
            answers.configuration(function, function.latest, call.store)
            for function in _by_name(call)
        ]
    return call.page("Functions", listed)


def _by_name(call: Call) -> list[Function]:
    functions = [call.store.functions[name] for name in sorted(call.store.functions)]
    for function in functions:
        function.latest.settle()
    return functions


def _new_name(call: Call) -> str:
    """Return the name of a new function, which may be given as an unqualified ARN."""
    reference = call.reference()
    given = call.get("FunctionName")
    if reference.qualifier:
        raise validation_error(violation(given, "functionName", name_pattern()))
    if len(reference.name) > NAME_LIMIT:
        wrong = violation(
            reference.name,
            "functionName",
            f"Member must have length less than or equal to {NAME_LIMIT}",
        )
        raise invalid_parameter(f"1 validation error detected: {wrong}")
    return reference.name


def _to_update(call: Call) -> Function:
    """Return the function to update; raises ApiError if it cannot be updated now."""
    function = call.function()
    check_settled(function, call.store)
    if call.get("RevisionId") not in (None, function.latest.revision):
        raise stale_revision()
    return function


def _check(name: str, made: Configuration, code: Code, call: Call) -> None:
    check_configuration(name, made, call.store)
    check_total(code, [layer.code for layer in made.layers])


def _delete_version(function: Function, number: str) -> None:
    """Delete a version if it exists; raises ApiError if an alias needs it."""
    if number in function.aliases:
        raise invalid_parameter(
            "Deletion of aliases is not currently supported; use the DeleteAlias API instead."
        )
    using = [
        alias.name
        for alias in function.aliases.values()
        if number == alias.version or number in alias.weights
    ]
    if using:
        raise conflict(
            "Unable to delete version because the following aliases reference it: "
            f"[{', '.join(using)}]"
        )
    function.versions.pop(number, None)
    function.forget(number)
