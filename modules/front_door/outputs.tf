output "url" {
  description = "Where riders find the page."
  value       = aws_apigatewayv2_api.this.api_endpoint
}

output "graphs" {
  description = "Graphs for a dashboard: title and metrics of each."
  value       = local.graphs
}

output "alarm_names" {
  description = "Names of the alarms."
  value       = values(aws_cloudwatch_metric_alarm.this)[*].alarm_name
}

output "alarm_arns" {
  description = "ARNs of the alarms."
  value       = values(aws_cloudwatch_metric_alarm.this)[*].arn
}

output "access_log_group_name" {
  description = "Name of the log group with a line for each request."
  value       = aws_cloudwatch_log_group.access.name
}
