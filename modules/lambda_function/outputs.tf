output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "ARN of the function, without a version."
  value       = aws_lambda_function.this.arn
}

output "invoke_arn" {
  description = "ARN with which API Gateway invokes the function."
  value       = aws_lambda_function.this.invoke_arn
}

output "role_name" {
  description = "Name of the execution role."
  value       = aws_iam_role.this.name
}

output "role_arn" {
  description = "ARN of the execution role."
  value       = aws_iam_role.this.arn
}

output "role_policies" {
  description = "Inline policies of the role: a map of names to JSON documents."
  value = {
    for policy in concat(
      [aws_iam_role_policy.logs], aws_iam_role_policy.tracing, values(aws_iam_role_policy.caller)
    ) : policy.name => policy.policy
  }
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "package_hash" {
  description = "SHA-256 of the deployment package, in base64."
  value       = aws_lambda_function.this.source_code_hash
}

output "source_code_hash" {
  description = "SHA-256 of the code that Lambda has, in base64."

  # Of an update, the provider plans only last_modified as unknown. Without it Terraform would keep the old code_sha256.
  value = aws_lambda_function.this.last_modified == "" ? "" : aws_lambda_function.this.code_sha256
}

output "environment_variables" {
  description = "Environment variables of the function."
  value       = one(aws_lambda_function.this.environment[*].variables)
}
