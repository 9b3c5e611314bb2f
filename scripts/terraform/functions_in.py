"""The functions of a state of Terraform, by the packages they were made from."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any


def functions_in(state: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of a state's functions by the names of their zips, such as `page` for build/page.zip."""
    functions = (
        instance["attributes"]
        for resource in state.get("resources", [])
        if (resource["mode"], resource["type"]) == ("managed", "aws_lambda_function")
        for instance in resource["instances"]
    )
    return {
        PurePath(function["filename"]).stem: function["function_name"]
        for function in functions
        if function.get("filename")
    }
