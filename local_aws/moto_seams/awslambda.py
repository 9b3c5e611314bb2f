"""moto 5.2.5's Lambda runs functions only in Docker; other services of moto use it to invoke functions and read tags.

This seam gives them the local AWS's Lambda instead. Without this seam test_events_of_services.py and test_stack.py
(tests/integration) fail.
"""

import json
from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from moto.awslambda import urls
from moto.awslambda.models import LambdaBackend, lambda_backends
from moto.core.resource_tagging import TaggedResource

from local_aws import function_name
from local_aws.functions import recursion
from local_aws.functions.api.call import Call, Reference
from local_aws.functions.api.errors import ApiError, not_found
from local_aws.functions.api.store import Store, Stores
from local_aws.functions.api.tags import tag_resource, untag_resource
from local_aws.functions.event_senders import sender_of
from local_aws.functions.executor import Executor
from local_aws.functions.resource_policies import permits, provider
from local_aws.functions.runnable import runnable
from local_aws.iam import resource_policies as iam_policies
from local_aws.moto_seams import request_trace
from local_aws.reports import report


def install(executor: Executor, stores: Stores) -> None:
    """Make moto's other services use the functions in `stores`, which `executor` runs."""
    Functions.executor, Functions.stores = executor, stores
    iam_policies.provide("lambda", provider(stores))
    lambda_backends.backend = Functions
    lambda_backends.clear()
    # Tags are only looked up in backends that exist.
    stores.on_new = lambda account, region: lambda_backends[account][region]


class InvokedFunction:
    """A function as moto's S3 and CloudWatch Logs see it, which invoke it with events."""

    def __init__(self, executor: Executor, store: Store, reference: Reference) -> None:
        version = runnable(store, reference)
        self.function_name = reference.name
        self.function_arn = store.function_arn(reference.name, reference.qualifier)
        self.role = version.role_arn
        self._executor = executor
        self._store = store
        self._reference = reference
        self._resolve = partial(runnable, store, reference)

    def invoke(self, body: str, _request: object, _response: object) -> str:
        """Queue an event: these services invoke asynchronously. As in AWS, it is lost without permission."""
        source = sender_of(json.loads(body), self._store.region, self._store.account)
        if source is None or permits(self._store, self._reference, source.service, source.arn):
            self._enqueue(body.encode(), request_trace.header())
        return "{}"

    def _enqueue(self, event: bytes, trace: str | None) -> None:
        """Queue an event, unless the function is in a recursive loop."""
        try:
            recursion.check(self._store, self._resolve(), trace)
            self._executor.enqueue(self._resolve, event, trace=trace)
        except ApiError as error:
            report(f"an event for {self.function_arn}: {error}")

    def invoke_and_wait(self, body: str, response_headers: dict[str, str]) -> str:
        """Run an event and return the function's payload; a response header says whether it failed."""
        reply = self._executor.run(self._resolve(), body.encode()).reply
        if reply.status != "success":
            response_headers["x-amz-function-error"] = "Unhandled"
        return reply.payload.decode()


class Directory:
    """Finds functions by name or ARN, in place of moto's own storage."""

    def __init__(self, executor: Executor, store: Store) -> None:
        self._executor = executor
        self._store = store

    def get_function_by_name_or_arn_with_qualifier(
        self, name_or_arn: str, qualifier: str | None = None
    ) -> InvokedFunction:
        """Return a function; raises ApiError if there is none."""
        asked = function_name.parse(name_or_arn)
        if asked is None:
            raise not_found(f"Function not found: {name_or_arn}")
        reference = Reference(asked.name, qualifier or asked.qualifier)
        return InvokedFunction(self._executor, self._store, reference)

    get_arn = get_function_by_name_or_arn_with_qualifier


class Functions(LambdaBackend):  # type: ignore[misc] # moto is untyped under --strict
    """Lambda of one account and region, for moto's other services."""

    executor: ClassVar[Executor]
    stores: ClassVar[Stores]
    # Otherwise moto would look for this module beside this file.
    _url_module = urls

    @property
    def _store(self) -> Store:
        return self.stores.of(self.account_id, self.region_name)

    @property
    def _lambdas(self) -> Directory:
        return Directory(self.executor, self._store)

    @_lambdas.setter
    def _lambdas(self, _: object) -> None:
        """Ignore moto's own directory."""

    def invoke(
        self,
        function_name: str,
        qualifier: str | None,
        body: str,
        headers: object,
        response_headers: dict[str, str],
    ) -> str:
        """Run an event for a service that waits for the result."""
        function = self._lambdas.get_function_by_name_or_arn_with_qualifier(
            function_name, qualifier
        )
        return function.invoke_and_wait(body, response_headers)

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        """Yield every function with its tags."""
        for function in list(self._store.functions.values()):
            arn = self._store.function_arn(function.name)
            yield TaggedResource(arn, function.tags, "lambda:function")

    def tag_resource(self, resource_arn: str, tags: dict[str, str]) -> None:
        """Add tags to a function."""
        tag_resource(Call("TagResource", {"Resource": resource_arn, "Tags": tags}, self._store))

    def untag_resource(self, resource_arn: str, tag_keys: list[str]) -> None:
        """Remove tags from a function."""
        untag_resource(
            Call("UntagResource", {"Resource": resource_arn, "TagKeys": tag_keys}, self._store)
        )
