"""No parameter of Lambda's operations is dropped without a word: each is read, or refused by its name."""

import re
from pathlib import Path

import pytest
from moto.core.utils import get_service_model

from local_aws.functions import api
from local_aws.functions.api.operations import OPERATIONS

NAMES = frozenset(
    name
    for file in Path(api.__file__).parent.glob("*.py")
    for name in re.findall(r'"([A-Za-z0-9]+)"', file.read_text())
)
# The code of a function or a layer is a structure whose members count like parameters.
CODE = ("Code", "Content")
# It chooses among replicas of functions in other regions, which there are none of.
IGNORED = frozenset(("MasterRegion",))


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_parameter_of_an_operation_is_read_or_refused(operation: str) -> None:
    # Given the parameters that an operation has in the service model
    shape = get_service_model("lambda").operation_model(operation).input_shape
    members = dict(shape.members) if shape else {}
    parameters = {
        *members,
        *(name for each in CODE if each in members for name in members[each].members),
    }

    # When those are taken away that the source of the API names
    dropped = parameters - NAMES - IGNORED

    # Then none is left
    assert not dropped
