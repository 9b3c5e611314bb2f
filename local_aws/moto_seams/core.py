"""moto 5.2.5's core computes the same two lists for every request, which takes a quarter of its time.

It also draws the 52 characters of a request id one by one, and compares all its services in Python to look one up.
Without this seam `make bench ARGS="--only warm"` is slower.

It takes the region of a request from its path or User-Agent rather than from its signature. Without this seam
test_one_reading.py (tests/unit) fails.
"""

import functools
import random
import string
from typing import Any

import moto.backends
import moto.core.responses
from moto.backends import list_of_moto_modules
from moto.core.base_backend import BackendDict
from moto.core.responses import BaseResponse
from moto.core.utils import method_names_from_class

from local_aws.iam import signature

_unsigned_region = BaseResponse.get_region_from_url
REQUEST_ID = string.ascii_uppercase + string.digits


def install() -> None:
    """Compute both lists once, draw ids at once, compare services as objects, and use the signed region."""
    modules = frozenset(list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
    moto.core.responses.method_names_from_class = functools.cache(method_names_from_class)
    moto.core.responses.gen_amzn_requestid_long = add_request_id
    BackendDict.__eq__ = object.__eq__
    BaseResponse.get_region_from_url = region


def region(response: BaseResponse, request: Any, full_url: str) -> str:
    """Return the region that a request is signed for; without a signature, that which moto finds."""
    claim = signature.read(request.environ)
    return claim.region if claim else str(_unsigned_region(response, request, full_url))


def add_request_id(headers: dict[str, Any]) -> str:
    """Return a new request id, and add it to the headers of the response."""
    request_id = "".join(random.choices(REQUEST_ID, k=52))  # noqa: S311 - an id is no secret
    headers["x-amzn-requestid"] = request_id
    return request_id
