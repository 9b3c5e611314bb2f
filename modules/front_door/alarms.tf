locals {
  slow_ms = 3000

  api  = { namespace = "AWS/ApiGateway", dimensions = { ApiId = aws_apigatewayv2_api.this.id } }
  page = { namespace = "AWS/Lambda", dimensions = { FunctionName = var.page_function_name } }

  alarms = {
    "5xx" = {
      name        = "${var.name}-front-door-5xx"
      source      = local.api
      description = "A request was answered with a status of 500 or above."
      metric      = "5xx"
      statistic   = "Sum"
      threshold   = 0
    }
    latency = {
      name        = "${var.name}-front-door-latency"
      source      = local.api
      description = "One in a hundred requests in a minute took more than ${local.slow_ms} ms."
      metric      = "Latency"
      statistic   = "p99"
      threshold   = local.slow_ms
    }

    # Named after the page's function, since scripts/monitor.py finds a function's alarms by its name.
    page = {
      name        = "${var.page_function_name}-errors"
      source      = local.page
      description = "A load of the page failed."
      metric      = "Errors"
      statistic   = "Sum"
      threshold   = 0
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
    {
      title = "Front door: page"
      metrics = [
        for name in ["Invocations", "Errors"] :
        ["AWS/Lambda", name, "FunctionName", var.page_function_name, { stat = "Sum" }]
      ]
    },
  ]
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = each.value.name
  alarm_description   = each.value.description
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching" # no data means no requests
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions

  namespace          = each.value.source.namespace
  metric_name        = each.value.metric
  dimensions         = each.value.source.dimensions
  period             = 60
  statistic          = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic = startswith(each.value.statistic, "p") ? each.value.statistic : null
}
