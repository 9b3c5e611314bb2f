"""Versions: PublishVersion and ListVersionsByFunction."""

from local_aws.functions.api import answers
from local_aws.functions.api.call import Call, Result
from local_aws.functions.api.errors import invalid_parameter, stale_revision
from local_aws.functions.api.states import check_settled
from local_aws.functions.api.store import Function
from local_aws.functions.api.version import Version


def publish_version(call: Call) -> Result:
    """Publish $LATEST, unless nothing changed since it was last published."""
    function = call.function()
    latest = function.latest
    check_settled(function, call.store)
    if call.get("RevisionId") not in (None, latest.revision):
        raise stale_revision()
    wanted = call.get("CodeSha256")
    if wanted not in (None, latest.code.sha256):
        raise invalid_parameter(
            f"CodeSHA256 ({wanted}) is different from current CodeSHA256 in $LATEST "
            f"({latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST."
        )
    version = publish(function, call.get("Description"))
    return answers.configuration_with_state(function, version, call.store, version.name)


def publish(function: Function, description: str | None) -> Version:
    """Publish $LATEST; returns the new version, or the last one if nothing has changed since.

    Lambda only publishes changes of code or configuration: "Creating function versions".
    """
    latest = function.latest
    last = function.versions.get(str(function.next_version - 1))
    if last and function.published == (latest.configuration, latest.code):
        last.settle()
        return last
    version = latest.published_as(str(function.next_version), description)
    function.versions[version.name] = version
    function.next_version += 1
    function.published = (latest.configuration, latest.code)
    latest.revise()
    return version


def list_versions_by_function(call: Call) -> Result:
    """List $LATEST and the published versions."""
    function = call.function()
    listed = []
    for version in function.versions.values():
        version.settle()
        listed.append(answers.configuration(function, version, call.store, version.name))
    return call.page("Versions", listed)
