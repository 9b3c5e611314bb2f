"""The access log and the metrics of an API's exchanges."""

import json
import re
from collections.abc import Mapping
from typing import Any

from local_aws.access.gateway.application import Exchange
from local_aws.access.gateway.configuration import DEFAULT_STAGE, HttpApi
from local_aws.access.gateway.proxy_event import texts
from local_aws.cloudwatch.metrics import Datum, Metric
from local_aws.cloudwatch.service import metrics_of

NAMESPACE = "AWS/ApiGateway"
_VARIABLE = re.compile(r"\$context\.([A-Za-z0-9_.:-]*[A-Za-z0-9_])")


def access_log_line(exchange: Exchange, api: HttpApi) -> str:
    """Return a line in the stage's format, after "Customize HTTP API access logs"; empty without a stage.

    A variable without a value becomes a dash.
    """
    if exchange.stage is None:
        return ""
    values = _context(exchange, api)
    return _VARIABLE.sub(lambda match: _escaped(values.get(match[1])), exchange.stage.log_format)


def publish_metrics(exchange: Exchange, api: HttpApi) -> None:
    """Publish the metrics of "Monitoring HTTP APIs with CloudWatch metrics", for the API and for its stage."""
    stage = exchange.stage.name if exchange.stage else DEFAULT_STAGE
    second = int(exchange.request.received.timestamp())
    status = exchange.answer.status
    processed = len(exchange.request.body) + len(exchange.answer.body)
    values = {
        "Count": (1, "Count"),
        "4xx": (int(400 <= status < 500), "Count"),
        "5xx": (int(status >= 500), "Count"),
        "Latency": (exchange.latency_ms, "Milliseconds"),
        "DataProcessed": (processed, "Bytes"),
    }
    if exchange.integration_ms is not None:
        values["IntegrationLatency"] = (exchange.integration_ms, "Milliseconds")
    by_api = (("ApiId", api.id),)
    metrics_of(api.account, api.region).put(
        Datum.of(Metric(NAMESPACE, name, dimensions), second, float(value), unit)
        for name, (value, unit) in values.items()
        for dimensions in (by_api, (*by_api, ("Stage", stage)))
    )


def _context(exchange: Exchange, api: HttpApi) -> Mapping[str, Any]:
    request, answer = exchange.request, exchange.answer
    claims = texts(exchange.claims or {})
    return {
        **{f"authorizer.claims.{name}": value for name, value in claims.items()},
        "accountId": api.account,
        "apiId": api.id,
        "authorizer.error": answer.error if answer.status in (401, 403) else None,
        "domainName": request.host,
        "error.message": answer.error or None,
        "error.messageString": json.dumps(answer.error) if answer.error else None,
        "extendedRequestId": request.id,
        "httpMethod": request.method,
        "identity.sourceIp": request.source_ip,
        "identity.userAgent": request.header("user-agent"),
        "integrationErrorMessage": answer.error if exchange.integration_ms is not None else None,
        "integrationLatency": exchange.integration_ms,
        "integration.latency": exchange.integration_ms,
        "path": request.path,
        "protocol": request.protocol,
        "requestId": request.id,
        "requestTime": request.time,
        "requestTimeEpoch": request.time_epoch,
        "responseLatency": exchange.latency_ms,
        "responseLength": len(answer.body),
        "routeKey": exchange.route_key or None,
        "stage": exchange.stage.name if exchange.stage else None,
        "status": answer.status,
    }


def _escaped(value: Any) -> str:
    """Return a value escaped for a JSON string, which also keeps it on one line."""
    if value is None or value == "":
        return "-"
    return json.dumps(str(value))[1:-1]
