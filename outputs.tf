output "region" {
  description = "Region that the stack is in."
  value       = local.state_region
}

output "function_name" {
  description = "Name of the function, for `aws lambda invoke` and scripts/invoke.py."
  value       = module.request_unicorn.function_name
}

output "function_arn" {
  description = "ARN of the function, without a version."
  value       = module.request_unicorn.function_arn
}

output "table_name" {
  description = "Name of the table of rides."
  value       = module.rides_table.table_name
}

output "table_arn" {
  description = "ARN of the table of rides."
  value       = module.rides_table.table_arn
}

output "role_name" {
  description = "Name of the function's execution role."
  value       = module.request_unicorn.role_name
}

output "role_arn" {
  description = "ARN of the function's execution role."
  value       = module.request_unicorn.role_arn
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = module.request_unicorn.log_group_name
}

output "source_code_hash" {
  description = "SHA-256 of the deployed zip in base64: Lambda's CodeSha256, which `make package` prints too."
  value       = module.request_unicorn.source_code_hash
}

output "url" {
  description = "Address of the page, if front_door is true; otherwise null."
  value       = one(module.front_door[*].url)
}

output "user_pool_id" {
  description = "Id of the riders' user pool, if front_door is true; otherwise null."
  value       = one(module.riders[*].user_pool_id)
}

output "client_id" {
  description = "Id of the page's app client in that pool, if front_door is true; otherwise null."
  value       = one(module.riders[*].client_id)
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard that scripts/monitor.py shows."
  value       = module.monitoring.dashboard_name
}

output "alarm_names" {
  description = "Names of the CloudWatch alarms."
  value       = tolist(concat(module.monitoring.alarm_names, flatten(module.front_door[*].alarm_names)))
}
