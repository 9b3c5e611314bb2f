locals {
  namespace = "WildRydes/${var.function_name}" # one per copy: a metric filter with a default value cannot have dimensions
}

resource "aws_cloudwatch_log_metric_filter" "outcome" {
  for_each = toset(var.outcomes)

  name           = "${var.function_name}-${each.key}"
  log_group_name = var.log_group_name
  pattern        = "{ $.outcome = \"${each.key}\" }"

  metric_transformation {
    namespace     = local.namespace
    name          = each.key
    value         = "1"
    default_value = "0" # a minute without faults is 0, and not missing from the error rate
    unit          = "Count"
  }
}

# Lambda has a metric for the duration, but none for the billed duration, which includes the init of a cold start.
resource "aws_cloudwatch_log_metric_filter" "billed_duration" {
  name           = "${var.function_name}-BilledDuration"
  log_group_name = var.log_group_name
  pattern        = "{ $.type = \"platform.report\" }"

  metric_transformation {
    namespace = local.namespace
    name      = "BilledDuration"
    value     = "$.record.metrics.billedDurationMs"
    unit      = "Milliseconds"
  }
}
