"""Counts in the tracing header how often a chain of invocations has reached each of its functions.

AWS SDKs in a function send the header with their requests, queues store it with messages, and buckets and topics pass
it on. It identifies each function of the chain by a hash of its name.
"""

import hashlib
import re
import secrets
import time

from local_aws.functions.function_version import FunctionVersion

_COUNT = re.compile(r"([0-9a-f]{8}):(\d+)")
_LINEAGE = re.compile(r"Lineage=([0-9a-f:|]+)")
_ROOT = re.compile(r"Root=[0-9a-f-]+")


def rounds(function: FunctionVersion, header: str | None) -> int:
    """Return how often a chain of invocations has reached a function."""
    return _counts(header).get(_mark(function), 0)


def next_header(function: FunctionVersion, header: str | None) -> str:
    """Return the tracing header for one more invocation in a chain, or in a new one; X-Ray samples nothing."""
    root = _ROOT.search(header or "")
    began = root[0] if root else f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"
    counts = _counts(header)
    counts[_mark(function)] = counts.get(_mark(function), 0) + 1
    lineage = "|".join(f"{mark}:{count}" for mark, count in counts.items())
    return f"{began};Parent={secrets.token_hex(8)};Sampled=0;Lineage={lineage}"


def _counts(header: str | None) -> dict[str, int]:
    lineage = _LINEAGE.search(header or "")
    return {mark: int(count) for mark, count in _COUNT.findall(lineage[1] if lineage else "")}


def _mark(function: FunctionVersion) -> str:
    return hashlib.sha256("/".join(function.function_key).encode()).hexdigest()[:8]
