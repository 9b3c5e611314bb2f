locals {
  slow_ms = var.duration_share * var.gives_up_after * 1000

  alarms = {
    # Uses only Lambda's own metrics: a function that cannot start or cannot log has none from its log.
    error-rate = {
      description = "More than ${var.error_rate_percent} % of the invocations in a minute failed."
      threshold   = var.error_rate_percent
      expression  = "100 * errors / invocations"
      metrics = {
        errors      = { namespace = "AWS/Lambda", name = "Errors", stat = "Sum" }
        invocations = { namespace = "AWS/Lambda", name = "Invocations", stat = "Sum" }
      }
    }

    # An answer with status 500 is not an error to Lambda: only the log has it.
    fault-rate = {
      description = "More than ${var.error_rate_percent} % of the invocations in a minute returned 500."
      threshold   = var.error_rate_percent
      expression  = "100 * faults / invocations"
      metrics = {
        faults      = { namespace = local.namespace, name = "fault", stat = "Sum" }
        invocations = { namespace = "AWS/Lambda", name = "Invocations", stat = "Sum" }
      }
    }

    throttles = {
      description = "More than ${var.throttles} invocations were throttled in a minute: there is too little concurrency."
      threshold   = var.throttles
      expression  = null
      metrics     = { throttles = { namespace = "AWS/Lambda", name = "Throttles", stat = "Sum" } }
    }

    slow = {
      description = "One in a hundred invocations in a minute took more than ${local.slow_ms} ms; the function gives up on the table after ${var.gives_up_after} s."
      threshold   = local.slow_ms
      expression  = null
      metrics     = { duration = { namespace = "AWS/Lambda", name = "Duration", stat = "p99" } }
    }

    # Counted by the function, after its retries. Alarms on DynamoDB's own metrics always ignore missing data
    # (PutMetricAlarm), and throttles are missing when there are none: such an alarm would never return to OK.
    refused-writes = {
      description = "More than ${var.refused_writes} requests in a minute returned 503: the table ${var.table_name} did not accept the write."
      threshold   = var.refused_writes
      expression  = null
      metrics     = { refused = { namespace = local.namespace, name = "table_unavailable", stat = "Sum" } }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.function_name}-${each.key}"
  alarm_description   = each.value.description
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = 1              # with a ride an hour, there is no second bad minute to wait for
  treat_missing_data  = "notBreaching" # no data means no rides
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions

  dynamic "metric_query" {
    for_each = each.value.expression == null ? [] : [each.value.expression]

    content {
      id          = "result"
      label       = each.key
      expression  = metric_query.value
      return_data = true
    }
  }

  dynamic "metric_query" {
    for_each = each.value.metrics

    content {
      id          = metric_query.key
      return_data = each.value.expression == null

      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.name
        dimensions  = metric_query.value.namespace == "AWS/Lambda" ? { FunctionName = var.function_name } : {}
        stat        = metric_query.value.stat
        period      = 60
      }
    }
  }
}
