"""moto 5.2.5's core computes the same two lists for every request, which takes a quarter of its time.

It also draws the 52 characters of a request's id one by one. No test fails without this seam;
`make bench ARGS="--only warm"` gets slower.
"""

import functools
import random
import string
from typing import Any

import moto.backends
import moto.core.responses
from moto.backends import list_of_moto_modules
from moto.core.utils import method_names_from_class

REQUEST_ID = string.ascii_uppercase + string.digits


def install() -> None:
    """Compute both lists once, and draw ids at once."""
    modules = frozenset(list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
    moto.core.responses.method_names_from_class = functools.cache(method_names_from_class)
    moto.core.responses.gen_amzn_requestid_long = add_request_id


def add_request_id(headers: dict[str, Any]) -> str:
    """Make an id for a request and add it to the headers of its answer."""
    request_id = "".join(random.choices(REQUEST_ID, k=52))  # noqa: S311 - an id is no secret
    headers["x-amzn-requestid"] = request_id
    return request_id
