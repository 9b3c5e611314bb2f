"""Layers: versions, functions that use them, and permissions."""

import json

from tests.integration.deployed import zipped
from tests.integration.fidelity.case import (
    INVALID,
    MISSING,
    VALIDATION,
    Case,
    answer,
    guide,
    refusal,
)
from tests.integration.fidelity.lab import Lab, status, zip_of

LAYER = "arn:aws:lambda:us-east-1:123456789012:layer"
NONE = f"404 {MISSING}: The resource you requested does not exist."


def publish(lab: Lab, name: str, content: bytes | None = None) -> dict[str, object]:
    answered = lab.call(
        "publish_layer_version",
        LayerName=name,
        Content={"ZipFile": content or zipped("probe.py")},
        CompatibleRuntimes=["python3.13"],
    )
    lab.afterwards(
        lab.call,
        operation="delete_layer_version",
        LayerName=name,
        VersionNumber=answered["Version"],
    )
    return answered


def published(lab: Lab) -> object:
    answered = publish(lab, lab.name("LAYER"))
    kept = ("LayerArn", "LayerVersionArn", "Version", "Description", "CompatibleRuntimes")
    return [status(answered), {name: answered[name] for name in kept}]


def deleted_twice(lab: Lab) -> object:
    name = lab.name("LAYER")
    publish(lab, name)
    given = {"LayerName": name, "VersionNumber": 1}
    codes = [status(lab.call("delete_layer_version", **given)) for _ in range(2)]
    return [*codes, lab.refusal("get_layer_version", **given)]


def numbers(lab: Lab) -> object:
    name = lab.name("LAYER")
    seen = [publish(lab, name)["Version"], publish(lab, name)["Version"]]
    lab.call("delete_layer_version", LayerName=name, VersionNumber=2)
    return [*seen, publish(lab, name)["Version"]]


def newest_first(lab: Lab) -> object:
    name = lab.name("LAYER")
    publish(lab, name)
    publish(lab, name)
    listed = lab.call("list_layer_versions", LayerName=name)["LayerVersions"]
    return [version["Version"] for version in listed]


def used(lab: Lab) -> object:
    layer = publish(lab, lab.name("LAYER"), zip_of(**{"python/inner__py": "NAME = 'layer'\n"}))
    name = lab.function(
        "import inner, os",
        "def handler(event, context):",
        "    return [inner.NAME, inner.__file__, os.listdir('/opt')]",
        Layers=[layer["LayerVersionArn"]],
    )
    return lab.invoke(name)["Payload"]


def zip_wins(lab: Lab) -> object:
    layer = publish(lab, lab.name("LAYER"), zip_of(**{"python/inner__py": "NAME = 'layer'\n"}))
    code = "import inner\ndef handler(event, context):\n    return inner.NAME\n"
    name = lab.function(
        zip_file=zip_of(probe__py=code, inner__py="NAME = 'zip'\n"),
        Layers=[layer["LayerVersionArn"]],
    )
    return lab.invoke(name)["Payload"]


def later_layer_wins(lab: Lab) -> object:
    layers = [
        publish(lab, lab.name("LAYER"), zip_of(**{"python/inner__py": f"NAME = '{word}'\n"}))
        for word in ("first", "second")
    ]
    name = lab.function(
        "import inner",
        "def handler(event, context):",
        "    return inner.NAME",
        Layers=[layer["LayerVersionArn"] for layer in layers],
    )
    return lab.invoke(name)["Payload"]


def two_versions(lab: Lab) -> object:
    layer = lab.name("LAYER")
    arns = [publish(lab, layer)["LayerVersionArn"] for _ in range(2)]
    return lab.refusal("update_function_configuration", Layers=arns)


def by_arn(lab: Lab) -> object:
    arn = publish(lab, lab.name("LAYER"))["LayerVersionArn"]
    return lab.call("get_layer_version_by_arn", Arn=arn)["LayerVersionArn"]


def permitted(lab: Lab) -> object:
    given = {"LayerName": lab.name("LAYER"), "VersionNumber": 1}
    publish(lab, str(given["LayerName"]))
    added = lab.call(
        "add_layer_version_permission",
        **given,
        StatementId="s",
        Action="lambda:GetLayerVersion",
        Principal="*",
    )
    policy = lab.call("get_layer_version_policy", **given)
    removed = lab.call("remove_layer_version_permission", **given, StatementId="s")
    return [
        status(added),
        json.loads(added["Statement"]),
        added["RevisionId"] == policy["RevisionId"],
        status(removed),
        lab.refusal("get_layer_version_policy", **given),
    ]


def in_configuration(lab: Lab) -> object:
    arn = publish(lab, lab.name("LAYER"))["LayerVersionArn"]
    layers = lab.settled(lab.function(Layers=[arn]))["Layers"]
    return [sorted(layers[0]), layers[0]["Arn"] == arn]


CASES = (
    Case(
        "A version of a layer is published with 201",
        "publish_layer_version",
        [
            201,
            {
                "LayerArn": f"{LAYER}:LAYER",
                "LayerVersionArn": f"{LAYER}:LAYER:1",
                "Version": 1,
                "Description": "",
                "CompatibleRuntimes": ["python3.13"],
            },
        ],
        published,
    ),
    Case(
        "A version of a layer is deleted with 204, twice",
        "delete_layer_version twice, get_layer_version",
        [204, 204, NONE],
        deleted_twice,
    ),
    Case("A layer's number is not given twice", "publish, delete, publish", [1, 2, 3], numbers),
    Case("The list of versions has the newest first", "list_layer_versions", [2, 1], newest_first),
    Case("A version is found by its ARN", "get_layer_version_by_arn", f"{LAYER}:LAYER:1", by_arn),
    Case(
        "A layer is unpacked in /opt, and its python folder is on the path",
        "invoke of a function that imports from its layer",
        ["layer", "/opt/python/inner.py", ["python"]],
        used,
        guide("Packaging your layer content"),
        needs_namespaces=True,
    ),
    Case(
        "The function's own modules come before a layer's",
        "invoke of a function whose zip has the same module",
        "zip",
        zip_wins,
        guide("Packaging your layer content"),
    ),
    Case(
        "A later layer overwrites an earlier one",
        "invoke of a function with two layers of the same module",
        "second",
        later_layer_wins,
        guide("Adding layers to functions"),
    ),
    Case(
        "A function lists its layers with their sizes",
        "get_function_configuration",
        [["Arn", "CodeSize"], True],
        in_configuration,
    ),
    Case(
        "A function has one version of a layer",
        "update_function_configuration(Layers=two versions of one)",
        f"400 {INVALID}: Two different versions of the same layer are not allowed to be referenced in "
        f"the same function. {LAYER}:LAYER:1 and {LAYER}:LAYER:2 are versions of the same layer.",
        two_versions,
    ),
    Case(
        "Permissions are added with 201 and removed with 204",
        "add_layer_version_permission, get_layer_version_policy, remove_layer_version_permission",
        [
            201,
            {
                "Sid": "s",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "lambda:GetLayerVersion",
                "Resource": f"{LAYER}:LAYER:1",
            },
            True,
            204,
            f"404 {MISSING}: No policy is associated with the given resource.",
        ],
        permitted,
    ),
    refusal(
        "An unknown layer is not found", NONE, "get_layer_version", LayerName="no", VersionNumber=1
    ),
    refusal(
        "A version is at least 1",
        f"400 {INVALID}: Layer Version Cannot be less than 1",
        "get_layer_version",
        LayerName="no",
        VersionNumber=-1,
    ),
    refusal(
        "Deleting checks the version too",
        f"400 {INVALID}: Layer Version Cannot be less than 1",
        "delete_layer_version",
        LayerName="no",
        VersionNumber=-1,
    ),
    answer(
        "An unknown layer has no versions",
        [],
        lambda got: got["LayerVersions"],
        "list_layer_versions",
        LayerName="no",
    ),
    refusal(
        "A layer's content is a zip",
        f"400 {INVALID}: Could not unzip uploaded file. Please check your file, then try to upload again.",
        "publish_layer_version",
        LayerName="no",
        Content={"ZipFile": b"x"},
    ),
    refusal(
        "A layer has at most 15 runtimes",
        f"400 {VALIDATION}: …at 'compatibleRuntimes' failed to satisfy constraint: "
        "Member must have length less than or equal to 15",
        "publish_layer_version",
        LayerName="no",
        Content={"ZipFile": b"x"},
        CompatibleRuntimes=["python3.13"] * 16,
    ),
    refusal(
        "A layer's ARN is one",
        f"400 {VALIDATION}: 1 validation error detected: Value 'no' at 'arn' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: …",
        "get_layer_version_by_arn",
        Arn="no",
    ),
)
