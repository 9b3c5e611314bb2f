"""The SDK's client for DynamoDB, with a fast start and short timeouts.

It comes from botocore, without boto3's resources on top: imports are most of a cold start.
"""

import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any, NoReturn

import botocore.session
from botocore.config import Config
from botocore.loaders import Loader

# Seconds for one attempt. The SDK makes only one, because it cannot be given a deadline: the caller
# decides about retries.
CONNECT_TIMEOUT, READ_TIMEOUT = 0.5, 1.0

# Seconds. A kept connection can die unnoticed while Lambda has the environment frozen. A request on
# it would wait for READ_TIMEOUT; a new connection takes some hundredths of a second.
IDLE_LIMIT = 30.0

# At DEBUG botocore logs whole requests, with the rider's name and the role's session token, and
# urllib3 logs each request too.
logging.getLogger("botocore").setLevel(logging.WARNING)
logging.getLogger("urllib3").setLevel(logging.WARNING)


class DynamoDBLoader(Loader):
    """Botocore's loader of service models, without its search for services and its list of regions."""

    def load_data_with_path(self, name: str) -> tuple[Any, str]:
        """Return no partitions in place of endpoints.json, which takes a tenth of a cold start to parse.

        DynamoDB's address comes from its rule set, which botocore uses only beside built-in data.
        """
        if name == "endpoints":
            return {"version": 3, "partitions": []}, f"{self.BUILTIN_DATA_PATH}/endpoints.json"
        data: tuple[Any, str] = super().load_data_with_path(name)
        return data

    def list_available_services(self, type_name: str) -> list[str]:
        """Return DynamoDB alone; botocore would list the folders of 400 services, twice."""
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

_last_request = time.time()


def close_idle_connections() -> None:
    """Close kept connections if the last request was IDLE_LIMIT ago; call this before each request.

    The client then opens new ones. The wall clock is used because it is right after a freeze.
    """
    global _last_request
    now = time.time()
    if now - _last_request > IDLE_LIMIT:
        dynamodb.close()
    _last_request = now


class OutOfTime(Exception):  # noqa: N818 - reads better than OutOfTimeError
    """A call took too long. Not an OSError, after which the SDK would try the next address."""


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Interrupt a call to the SDK after so many seconds: raises `OutOfTime`, or the SDK's wrapper.

    The SDK's own timeouts apply to one address and to one read: many addresses, or an answer that
    arrives byte by byte, can take far longer. The signal that interrupts them works only in the
    main thread, where Lambda calls a handler; in another thread there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGALRM, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _out_of_time(*_: object) -> NoReturn:
    raise OutOfTime("the call as a whole took too long")
