output "dashboard_name" {
  description = "Name of the dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}

output "alarm_names" {
  description = "Names of the alarms."
  value       = sort(values(aws_cloudwatch_metric_alarm.this)[*].alarm_name)
}

output "slow_ms" {
  description = "Threshold of the alarm on slow requests, in milliseconds."
  value       = local.slow_ms
}

output "outcomes" {
  description = "Outcomes that are counted, each as a metric."
  value       = keys(aws_cloudwatch_log_metric_filter.outcome)
}
