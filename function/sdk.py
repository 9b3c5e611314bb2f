"""The SDK's client for DynamoDB: quick to start, and quick to give up.

Made by botocore, which is boto3 without its resources: importing less is most of a cold start.
"""

import logging
import os
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.loaders import Loader

# Seconds for one attempt. There is no second one: the SDK can't be given a deadline, so who calls
# it decides how often.
CONNECT_TIMEOUT, READ_TIMEOUT = 0.5, 1.0

# At DEBUG botocore logs whole requests: the rider's name, and the role's session token.
logging.getLogger("botocore").setLevel(logging.WARNING)


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
