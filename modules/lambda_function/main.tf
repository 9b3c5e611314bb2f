resource "aws_lambda_function" "this" {
  function_name                  = var.function_name
  role                           = aws_iam_role.this.arn
  handler                        = var.handler
  runtime                        = var.runtime
  architectures                  = [var.architecture]
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrency
  filename                       = var.package_path

  # null without a package: destroy needs none, and for a plan the precondition below gives the better message.
  source_code_hash = try(filebase64sha256(var.package_path), null)

  environment {
    variables = var.environment_variables
  }

  logging_config {
    log_group             = aws_cloudwatch_log_group.this.name
    log_format            = "JSON"
    application_log_level = var.log_level
    system_log_level      = "DEBUG" # INFO would drop runtimeDone, the END of each invocation
  }

  tracing_config {
    mode = var.tracing
  }

  lifecycle {
    precondition {
      condition     = try(fileexists(var.package_path), false)
      error_message = "There is no package at ${var.package_path}: run `make package` first."
    }
  }

  # The role must be complete before the first invocation, and before Lambda checks that it may send traces.
  depends_on = [
    aws_iam_role_policy.logs,
    aws_iam_role_policy.tracing,
    aws_iam_role_policy.caller,
  ]
}

# Made here, not by Lambda at the first invocation, so that it has a retention and is destroyed with the function.
resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.function_name}"
  retention_in_days = var.log_retention_days
}
