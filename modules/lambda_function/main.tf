locals {
  # "Lambda quotas": 4 KB for all environment variables, which Lambda measures as one JSON object.
  environment_limit = 4096
  environment_json  = base64encode(jsonencode(var.environment_variables))
  environment_size  = length(local.environment_json) / 4 * 3 - length(regexall("=", local.environment_json)) # in bytes
  largest_variable = element([
    for name, value in var.environment_variables : name
    if length(value) == max([for other in values(var.environment_variables) : length(other)]...)
  ], 0)
}

resource "aws_lambda_function" "this" {
  # checkov:skip=CKV_AWS_116: its callers wait for the answer, so no event is queued that a dead-letter queue could keep
  # checkov:skip=CKV_AWS_117: it calls only AWS's public endpoints, over TLS and as its role lets it: a VPC would protect nothing more
  # checkov:skip=CKV_AWS_173: the variables hold no secret, and Lambda encrypts them at rest with its own key
  # checkov:skip=CKV_AWS_272: a package has the same bytes on every machine, so its hash already shows what is deployed

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
      condition     = local.environment_size <= local.environment_limit
      error_message = "The environment of ${var.function_name} has ${local.environment_size} bytes as JSON, and Lambda takes ${local.environment_limit} (4 KB): shorten its largest variable, ${local.largest_variable}."
    }

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
  # checkov:skip=CKV_AWS_158: CloudWatch encrypts every log group with its own key; a customer managed one has a monthly price
  # checkov:skip=CKV_AWS_338: the caller chooses the days: lines that may name riders are not kept for a year unasked

  name              = "/aws/lambda/${var.function_name}"
  retention_in_days = var.log_retention_days
}
