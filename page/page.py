"""Serves the page where riders sign in and request a unicorn: one document, with style and script inside."""

import base64
import gzip
import hashlib
import html
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parent / "static"
# In this order, in which each uses what those before it export.
SCRIPTS = ("srp.js", "cognito.js", "forms.js", "map.js", "flight.js", "ride.js", "page.js")
HTML = "text/html; charset=utf-8"


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer an HTTP API's event (payload format 2.0) with the page at /, and with 404 elsewhere.

    The stage's variables say which user pool riders sign in to: `user_pool_id` and `client_id`.
    """
    if event["rawPath"] != "/":
        return _answer(
            404,
            '<!doctype html><title>Not found</title><p>There is no such page. <a href="/">Wild Rydes</a>',
            "",
        )
    variables = event.get("stageVariables", {})
    pool, client = variables.get("user_pool_id", ""), variables.get("client_id", "")
    document, policy = _page(pool, client)
    accepted = event["headers"].get("accept-encoding", "")
    return _answer(200, document, policy, zipped="gzip" in accepted)


def cognito_endpoint(region: str) -> str:
    """Return the address at which the browser reaches Cognito, by the rules of AWS's SDKs."""
    configured = os.environ.get("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER") or os.environ.get(
        "AWS_ENDPOINT_URL"
    )
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return configured or f"https://cognito-idp.{region}.{suffix}"


@cache
def _page(pool: str, client: str) -> tuple[str, str]:
    """Return the document for a user pool, and its Content-Security-Policy: only its own style and script."""
    style, script = _read("page.css"), _script()
    cognito = cognito_endpoint(os.environ["AWS_REGION"])
    parts = {
        "style": style,
        "script": script,
        "land": _read("land.txt").strip(),
        "pool_id": html.escape(pool),
        "client_id": html.escape(client),
        "cognito": html.escape(cognito),
        "fleet": html.escape(os.environ.get("FLEET", "[]")),
    }
    document = re.sub(r"\{(\w+)\}", lambda match: parts[match[1]], _read("page.html"))
    policy = "; ".join(
        [
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            f"connect-src 'self' {cognito}",
            "img-src data:",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ]
    )
    return document, policy


def _script() -> str:
    """Join the scripts into one module, which has no exports."""
    return "\n".join(_read(name).replace("\nexport ", "\n") for name in SCRIPTS)


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _answer(status: int, document: str, policy: str, *, zipped: bool = False) -> dict[str, Any]:
    headers = {
        "Content-Type": HTML,
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy or "default-src 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
    }
    if not zipped:
        return {"statusCode": status, "headers": headers, "body": document}
    body = base64.b64encode(gzip.compress(document.encode(), mtime=0)).decode()
    headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": True}
