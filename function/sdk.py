"""The SDK's client for DynamoDB: quick to start, and quick to give up.

Made by botocore, which is boto3 without its resources: importing less is most of a cold start.
"""

import contextlib
import logging
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any, NoReturn

import botocore.session
from botocore.config import Config
from botocore.loaders import Loader

# Seconds for one attempt. There is no second one: the SDK can't be given a deadline, so who calls
# it decides how often.
CONNECT_TIMEOUT, READ_TIMEOUT = 0.5, 1.0

# At DEBUG botocore logs whole requests: the rider's name, and the role's session token. urllib3
# logs each of them too.
logging.getLogger("botocore").setLevel(logging.WARNING)
logging.getLogger("urllib3").setLevel(logging.WARNING)


class DynamoDBLoader(Loader):
    """Botocore's loader of service models, told which it will be asked for."""

    def list_available_services(self, type_name: str) -> list[str]:
        """Name DynamoDB, where botocore would look through the folders of 400 services, twice."""
        return ["dynamodb"]


_session = botocore.session.get_session()
_session.register_component("data_loader", DynamoDBLoader())

# Any: botocore makes the client's methods from the service model.
dynamodb: Any = _session.create_client(
    "dynamodb",
    region_name=os.environ.get("AWS_REGION"),
    config=Config(
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        retries={"mode": "standard", "total_max_attempts": 1},
    ),
)


class OutOfTime(Exception):  # noqa: N818 - said as people say it
    """A call took too long. No OSError: at one of those, the SDK tries the table's next address."""


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """End a call to the SDK after so many seconds: raises `OutOfTime`, or what the SDK makes of it.

    The SDK's own limits are for one address and one piece of the answer: many addresses, or an
    answer in drips, take as long as they like. Only the main thread can ask for the signal that
    ends them. That is where Lambda calls a handler; in another thread the call goes on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _out_of_time(*_: object) -> NoReturn:
    raise OutOfTime("the whole of it took too long")
