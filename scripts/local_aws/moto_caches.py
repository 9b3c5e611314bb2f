"""Remembers what moto works out for every request and never changes: a quarter of its time."""

import functools

import moto.backends
import moto.core.responses
from moto.backends import list_of_moto_modules
from moto.core.utils import method_names_from_class


def install() -> None:
    """Put the caches in place. Once in a process: moto's services are global."""
    modules = frozenset(list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
    moto.core.responses.method_names_from_class = functools.cache(method_names_from_class)
