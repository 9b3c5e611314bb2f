locals {
  namespace = "WildRydes/${var.function_name}" # each copy's own: a metric filter's default value forbids dimensions
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
    default_value = "0" # so that a minute without faults counts as one in the error rate
    unit          = "Count"
  }
}

# Lambda has a metric of what an invocation took, but not of what it is billed, which holds the init of a cold start.
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
