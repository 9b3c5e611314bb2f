locals {
  queries = {
    "Refusals and faults" = <<-EOT
      fields @timestamp, outcome, status, duration_ms, reference, cause
      | filter ispresent(outcome) and outcome != "created"
      | sort @timestamp desc
      | limit 50
    EOT

    "Slowest requests" = <<-EOT
      fields @timestamp, outcome, duration_ms, ride_id, reference
      | filter ispresent(outcome)
      | sort duration_ms desc
      | limit 50
    EOT

    "Cold starts" = <<-EOT
      filter type = "platform.report"
      | stats count(*) as invocations, count(record.metrics.initDurationMs) as cold_starts,
          max(record.metrics.initDurationMs) as longest_init_ms, max(record.metrics.maxMemoryUsedMB) as most_memory_mb
          by bin(1h)
    EOT
  }
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = var.saved_queries ? local.queries : {}

  name            = "${var.function_name}/${each.key}"
  log_group_names = [var.log_group_name]
  query_string    = trimspace(each.value)
}
