"""A function that does as its event says, to look at the environment it runs in."""

import ctypes
import importlib.util
import logging
import os
import socket
import subprocess
import sys
import time
import uuid
from typing import Any

import boto3

logger = logging.getLogger()
INSTANCE = uuid.uuid4().hex


def handler(event: dict[str, Any] | None, context: Any) -> object:  # noqa: C901 - one branch a wish
    """Do what `event["do"]` says; without it, report the process and the request."""
    match event or {}:
        case {"do": "environment"}:
            return dict(os.environ)
        case {"do": "import", "name": name}:
            return importlib.util.find_spec(name) is not None
        case {"do": "identity"}:
            return boto3.client("sts").get_caller_identity()["Arn"]
        case {"do": "sleep", "seconds": seconds, **more}:
            if "begun" in more:
                socket.create_connection(("127.0.0.1", more["begun"])).close()
            time.sleep(seconds)
        case {"do": "raise"}:
            raise ValueError("as you wish")
        case {"do": "exit"}:
            os._exit(3)
        case {"do": "crash"}:
            ctypes.string_at(0)
        case {"do": "log", "lines": lines}:
            for line in lines:
                print(line)
            logger.warning("a warning", extra={"unicorn": "Rocinante"})
        case {"do": "fill", "megabytes": megabytes}:
            return len(bytearray(os.urandom(1024)) * 1024 * megabytes)
        case {"do": "child", "megabytes": megabytes}:
            program = f"import time; x = b'x' * {megabytes} * 2**20; time.sleep(1)"
            subprocess.run([sys.executable, "-c", program], check=True)
        case {"do": "evaluate", "lines": lines, "expression": expression}:
            names: dict[str, Any] = {"__file__": __file__}
            exec("\n".join(lines), names)  # noqa: S102 - the lines are a test's
            return eval(expression, names)  # noqa: S307 - so is the expression
        case {"do": "context"}:
            return {
                "request_id": context.aws_request_id,
                "arn": context.invoked_function_arn,
                "client": context.client_context and context.client_context.custom,
                "log_stream": context.log_stream_name,
                "log_group": context.log_group_name,
                "remaining": context.get_remaining_time_in_millis(),
            }
    return {"pid": os.getpid(), "instance": INSTANCE}
