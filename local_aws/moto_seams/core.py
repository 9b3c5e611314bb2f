"""moto 5.2.5's core computes the same two lists for every request, which takes a quarter of its time.

No test fails without this seam; `make bench ARGS="--only warm"` gets slower.
"""

import functools

import moto.backends
import moto.core.responses
from moto.backends import list_of_moto_modules
from moto.core.utils import method_names_from_class


def install() -> None:
    """Compute both lists once."""
    modules = frozenset(list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
    moto.core.responses.method_names_from_class = functools.cache(method_names_from_class)
