output "url" {
  description = "Address of the page."
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

