"""Layers: zips that are unpacked into /opt; functions name their versions by ARN."""

from collections.abc import Sequence
from typing import Any

from local_aws.arns import Arn
from local_aws.functions.api.call import Call, Result
from local_aws.functions.api.code import code_of
from local_aws.functions.api.code_locations import Snapshot
from local_aws.functions.api.errors import invalid_parameter, no_such_resource
from local_aws.functions.api.store import Store
from local_aws.functions.api.version import Layer, LayerVersion, timestamp

# "Lambda quotas", function layers.
LAYER_LIMIT = 5


def publish_layer_version(call: Call) -> Result:
    """Create the next version of a layer, and the layer with the first one."""
    name = call.get("LayerName").rpartition(":")[2]
    code = code_of(call.get("Content"), call.store)
    layer = call.store.layers.setdefault(name, Layer(name))
    number = layer.next_version
    version = LayerVersion(
        arn=call.store.arn("layer", name, str(number)),
        version=number,
        code=code,
        description=call.get("Description", ""),
        created=timestamp(),
        runtimes=call.get_tuple("CompatibleRuntimes"),
        architectures=call.get_tuple("CompatibleArchitectures"),
        license_info=call.get("LicenseInfo"),
    )
    layer.versions[number] = version
    layer.next_version += 1
    return _with_content(call, version)


def get_layer_version(call: Call) -> Result:
    """Return a version of a layer."""
    number = _number(call)
    layer = call.store.layers.get(layer_name(call, call.get("LayerName")))
    version = layer.versions.get(number) if layer else None
    if version is None:
        raise no_such_resource()
    return _with_content(call, version)


def get_layer_version_by_arn(call: Call) -> Result:
    """Return the layer version with an ARN."""
    arn = call.get("Arn")
    versions = [
        version
        for layer in call.store.layers.values()
        for version in layer.versions.values()
        if version.arn == arn
    ]
    if not versions:
        raise no_such_resource()
    return _with_content(call, versions[0])


def delete_layer_version(call: Call) -> Result:
    """Delete a version of a layer, if it exists; functions that use it keep it."""
    number = _number(call)
    layer = call.store.layers.get(layer_name(call, call.get("LayerName")))
    if layer:
        layer.versions.pop(number, None)
    return None


def list_layers(call: Call) -> Result:
    """List the latest version of each layer, among those compatible with the given runtime and architecture."""
    listed = []
    for name in sorted(call.store.layers):
        versions = _compatible(call, call.store.layers[name])
        if versions:
            latest = versions[0]
            listed.append(
                {
                    "LayerName": name,
                    "LayerArn": latest.layer_arn,
                    "LatestMatchingVersion": _described(latest),
                }
            )
    return call.page("Layers", listed)


def list_layer_versions(call: Call) -> Result:
    """List the versions of a layer, newest first."""
    layer = call.store.layers.get(layer_name(call, call.get("LayerName")))
    versions = _compatible(call, layer) if layer else []
    return call.page("LayerVersions", [_described(version) for version in versions])


def of_function(arns: Sequence[str], store: Store) -> tuple[LayerVersion, ...]:
    """Return the layer versions of a function.

    Raises ApiError if there are too many, or if one does not exist in the store.
    """
    if len(arns) > LAYER_LIMIT:
        raise invalid_parameter(f"Cannot reference more than {LAYER_LIMIT} layers.")
    return tuple(_of_function(arn, store) for arn in arns)


def layer_name(call: Call, name_or_arn: str) -> str:
    """Return a layer's name; an ARN of another region or account is returned as it is, and no layer has that name."""
    if not name_or_arn.startswith("arn:"):
        return name_or_arn
    name = Arn.of(name_or_arn).resource.split(":")[1]
    return name if name_or_arn == call.store.arn("layer", name) else name_or_arn


def _of_function(arn: str, store: Store) -> LayerVersion:
    _, _, region, _, resource = Arn.of(arn)
    if region != store.region:
        raise invalid_parameter(
            "Layers are not in the same region as the function. "
            f"Layers are expected to be in region {store.region}."
        )
    _, name, number = resource.split(":")
    layer = store.layers.get(name)
    version = layer.versions.get(int(number)) if layer else None
    if version is None or version.arn != arn:
        raise invalid_parameter(f"Layer version {arn} does not exist.")
    return version


def _number(call: Call) -> int:
    number: int = call.get("VersionNumber")
    if number < 1:
        raise invalid_parameter("Layer Version Cannot be less than 1")
    return number


def _compatible(call: Call, layer: Layer) -> list[LayerVersion]:
    """Return the versions compatible with the runtime and architecture in the call, newest first."""
    runtime, architecture = call.get("CompatibleRuntime"), call.get("CompatibleArchitecture")
    return [
        version
        for _, version in sorted(layer.versions.items(), reverse=True)
        if (runtime is None or runtime in (version.runtimes or ()))
        and (architecture is None or architecture in (version.architectures or ()))
    ]


def _described(version: LayerVersion) -> dict[str, Any]:
    return {
        "LayerVersionArn": version.arn,
        "Version": version.version,
        "Description": version.description,
        "CreatedDate": version.created,
        "CompatibleRuntimes": version.runtimes and list(version.runtimes),
        "CompatibleArchitectures": version.architectures and list(version.architectures),
        "LicenseInfo": version.license_info,
    }


def _with_content(call: Call, version: LayerVersion) -> dict[str, Any]:
    return {
        **_described(version),
        "LayerArn": version.layer_arn,
        "Content": {
            "Location": Snapshot(call.store, version.layer_name, version.code).location(),
            "CodeSha256": version.code.sha256,
            "CodeSize": version.code.size,
        },
    }
