"""Logs: the lines of Lambda itself, records, times, groups and streams."""

import json
import re
from typing import Any

from tests.integration.fidelity.case import Case, guide
from tests.integration.fidelity.lab import Lab

FORMATS = guide("Working with Lambda function logs")
_NUMBER = re.compile(r"\d+(\.\d+)?(?= (ms|MB))")


def lines(lab: Lab, *code: str, **configuration: Any) -> list[str]:
    """Return what is logged by one call of a function of these lines."""
    name = lab.function(*code, **configuration)
    lab.invoke(name)
    return lab.logged(name)


def printed(lab: Lab) -> object:
    return lines(lab, "def handler(event, context):", "    print('one')", "    print('two')")[2:4]


def start_and_end(lab: Lab) -> object:
    logged = lines(lab)
    return [logged[1], logged[-2]]


def report(lab: Lab) -> object:
    return _NUMBER.sub("N", lines(lab)[-1])


def warm_report(lab: Lab) -> object:
    name = lab.function()
    lab.invoke(name)
    lab.invoke(name)
    return _NUMBER.sub("N", lab.logged(name)[-1])


def init_start(lab: Lab) -> object:
    return re.sub(r"v\d+", "vN", re.sub(r"[0-9a-f]{64}", "HASH", lines(lab)[0]))


def without_newline(lab: Lab) -> object:
    return lines(
        lab, "import os", "def handler(event, context):", "    os.write(1, b'no newline')"
    )[2]


def raised(lab: Lab) -> object:
    return lines(lab, "def handler(event, context):", "    raise ValueError('as you wish')")[2]


def record_of_two_lines(lab: Lab) -> object:
    code = ("import logging", "def handler(event, context):")
    logged = lines(lab, *code, "    logging.getLogger().error('first\\nsecond')")
    return logged[2:-2]


def root_logger(lab: Lab) -> object:
    code = ("import logging", "def handler(event, context):", "    logging.info('quiet')")
    return lines(lab, *code, "    logging.warning('loud')")[2:-2]


def timed_out(lab: Lab) -> object:
    code = ("import time", "def handler(event, context):", "    time.sleep(5)")
    logged = lines(lab, *code, Timeout=1)
    return [logged[2], "Status: timeout" in logged[-1]]


def json_record(lab: Lab) -> object:
    code = ("import logging", "def handler(event, context):")
    logged = lines(
        lab,
        *code,
        "    logging.getLogger().warning('loud', extra={'unicorn': 'Rocinante'})",
        LoggingConfig={"LogFormat": "JSON", "SystemLogLevel": "WARN"},
    )
    record = json.loads(logged[0])
    return {name: record[name] for name in ("level", "message", "logger", "requestId", "unicorn")}


def json_error(lab: Lab) -> object:
    logged = lines(
        lab,
        "def handler(event, context):",
        "    raise ValueError('as you wish')",
        LoggingConfig={"LogFormat": "JSON", "SystemLogLevel": "WARN"},
    )
    record = json.loads(logged[0])
    return {name: record[name] for name in ("level", "errorType", "errorMessage", "requestId")}


def times(lab: Lab) -> object:
    name = lab.function(
        "import time",
        "def handler(event, context):",
        "    print('one')",
        "    time.sleep(0.5)",
        "    print('two')",
    )
    lab.invoke(name)
    logs, group = lab.client("logs"), f"/aws/lambda/{name}"
    events = logs.filter_log_events(logGroupName=group)["events"]
    at = {event["message"]: event["timestamp"] for event in events}
    return at["two\n"] - at["one\n"] >= 450


def group_made(lab: Lab) -> object:
    name = lab.function()
    lab.invoke(name)
    return [line.split()[0] for line in lab.logged(name)]


def group_not_made(lab: Lab) -> object:
    name = lab.function(Role=lab.role("logs:CreateLogStream", "logs:PutLogEvents"))
    lab.invoke(name)
    groups = lab.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")
    return groups["logGroups"]


def stream_name(lab: Lab) -> object:
    name = lab.function()
    lab.invoke(name)
    streams = lab.client("logs").describe_log_streams(logGroupName=f"/aws/lambda/{name}")
    (stream,) = streams["logStreams"]
    return re.sub(
        r"\d{4}/\d\d/\d\d", "DATE", re.sub(r"[0-9a-f]{32}", "ID", stream["logStreamName"])
    )


CASES = (
    Case(
        "The first line says which runtime is initialised",
        "invoke",
        "INIT_START Runtime Version: python:3.13.vN\t"
        "Runtime Version ARN: arn:aws:lambda:us-east-1::runtime:HASH\n",
        init_start,
    ),
    Case(
        "START and END have the request's id, and end in a newline",
        "invoke",
        ["START RequestId: UUID Version: $LATEST\n", "END RequestId: UUID\n"],
        start_and_end,
    ),
    Case(
        "REPORT has five figures after a cold start, and ends in tab and newline",
        "invoke",
        "REPORT RequestId: UUID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\t"
        "Max Memory Used: N MB\tInit Duration: N ms\t\n",
        report,
    ),
    Case(
        "REPORT of a warm request has no Init Duration",
        "invoke twice",
        "REPORT RequestId: UUID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\t"
        "Max Memory Used: N MB\t\n",
        warm_report,
    ),
    Case("A printed line ends in a newline", "print twice", ["one\n", "two\n"], printed),
    Case("What has no newline gets none", "os.write(1, …)", "no newline", without_newline),
    Case(
        "An exception is one event of several lines",
        "raise ValueError",
        "[ERROR] ValueError: as you wish\nTraceback (most recent call last):\n"
        '\u00a0\u00a0File "/var/task/probe.py", line 2, in handler\n'
        "\u00a0\u00a0\u00a0\u00a0raise ValueError('as you wish')",
        raised,
        needs_namespaces=True,
    ),
    Case(
        "A log record of two lines is one event",
        "logging.error with a newline",
        ["[ERROR]\tTIME\tUUID\tfirst\nsecond\n"],
        record_of_two_lines,
    ),
    Case(
        "Python's logging begins at WARNING",
        "logging.info, logging.warning",
        ["[WARNING]\tTIME\tUUID\tloud\n"],
        root_logger,
        guide("Log and monitor Python Lambda functions"),
    ),
    Case(
        "A timeout is logged, and in REPORT",
        "a function that sleeps",
        ["TIME UUID Task timed out after 1.00 seconds\n", True],
        timed_out,
    ),
    Case(
        "A record in JSON has level, logger, request id and extra fields",
        "logging.warning(extra=…)",
        {
            "level": "WARNING",
            "message": "loud",
            "logger": "root",
            "requestId": "UUID",
            "unicorn": "Rocinante",
        },
        json_record,
        guide("Log and monitor Python Lambda functions"),
    ),
    Case(
        "An exception in JSON has its type and message",
        "raise ValueError",
        {
            "level": "ERROR",
            "errorType": "ValueError",
            "errorMessage": "as you wish",
            "requestId": "UUID",
        },
        json_error,
        guide("Log and monitor Python Lambda functions"),
    ),
    Case(
        "A line has the time at which it was printed",
        "print, half a second, print",
        True,
        times,
        FORMATS,
    ),
    Case(
        "The log group is made if the role may",
        "invoke without a log group",
        ["INIT_START", "START", "END", "REPORT"],
        group_made,
    ),
    Case(
        "A role that may not make the group loses the log",
        "invoke without a log group",
        [],
        group_not_made,
        FORMATS,
    ),
    Case(
        "A log stream has date, version and id in its name",
        "invoke",
        "DATE/[$LATEST]ID",
        stream_name,
    ),
)
