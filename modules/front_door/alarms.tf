locals {
  dimensions = { ApiId = aws_apigatewayv2_api.this.id }

  alarms = {
    "5xx" = {
      description = "More than ${var.errors} requests in a minute were answered with a status of 500 or above."
      metric      = "5xx"
      statistic   = "Sum"
      threshold   = var.errors
    }
    latency = {
      description = "One in a hundred requests of a minute took more than ${var.latency_ms} ms."
      metric      = "Latency"
      statistic   = "p99"
      threshold   = var.latency_ms
    }
  }

  graphs = [
    {
      title = "Front door: requests and errors"
      metrics = [
        for name in ["Count", "4xx", "5xx"] :
        ["AWS/ApiGateway", name, "ApiId", aws_apigatewayv2_api.this.id, { stat = "Sum" }]
      ]
    },
    {
      title = "Front door: latency (ms)"
      metrics = [
        ["AWS/ApiGateway", "Latency", "ApiId", aws_apigatewayv2_api.this.id, { stat = "p99", label = "whole, p99" }],
        ["AWS/ApiGateway", "IntegrationLatency", "ApiId", aws_apigatewayv2_api.this.id, { stat = "p99", label = "function, p99" }],
      ]
    },
  ]
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-front-door-${each.key}"
  alarm_description   = each.value.description
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching" # no data means no requests
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions

  namespace          = "AWS/ApiGateway"
  metric_name        = each.value.metric
  dimensions         = local.dimensions
  period             = 60
  statistic          = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic = startswith(each.value.statistic, "p") ? each.value.statistic : null
}
