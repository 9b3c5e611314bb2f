locals {
  # "Lambda quotas": 4 KB for all environment variables, which Lambda measures as one JSON object.
  environment_limit = 4096

  # length() counts characters. urlencode() makes each byte one character or %XX, which replace() makes one character.
  environment_bytes = length(replace(urlencode(jsonencode(var.environment_variables)), "/%../", "."))

  longest_value = max(0, [for value in values(var.environment_variables) : length(value)]...)
  longest_variable = join(" or ", [
    for name, value in var.environment_variables : name if length(value) == local.longest_value
  ])
}

resource "aws_lambda_function" "this" {
  # checkov:skip=CKV_AWS_116: callers invoke it synchronously, so there are no queued events for a dead-letter queue
  # checkov:skip=CKV_AWS_117: it calls only AWS's public endpoints, over TLS and limited by its role: a VPC would not add protection
  # checkov:skip=CKV_AWS_173: the variables hold no secret, and Lambda encrypts them at rest with its own key
  # checkov:skip=CKV_AWS_272: a package has the same bytes on every machine, so its hash already identifies the code

  function_name                  = var.function_name
  role                           = aws_iam_role.this.arn
  handler                        = var.handler
  runtime                        = var.runtime
  architectures                  = [var.architecture]
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrency
  filename                       = var.package_path

  # null without a package: destroy does not need one, and a plan fails with the better message of the precondition below.
  source_code_hash = try(filebase64sha256(var.package_path), null)

  dynamic "environment" {
    for_each = length(var.environment_variables) > 0 ? [var.environment_variables] : []

    content {
      variables = environment.value
    }
  }

  logging_config {
    log_group             = aws_cloudwatch_log_group.this.name
    log_format            = "JSON"
    application_log_level = var.log_level
    system_log_level      = "DEBUG" # INFO would drop runtimeDone, which is the END line of an invocation
  }

  tracing_config {
    mode = var.tracing
  }

  lifecycle {
    precondition {
      condition     = local.environment_bytes <= local.environment_limit
      error_message = "The environment variables of ${var.function_name} are ${local.environment_bytes} bytes as JSON; Lambda's limit is ${local.environment_limit}. Shorten ${local.longest_variable}, the longest."
    }

    precondition {
      condition     = try(fileexists(var.package_path), false)
      error_message = "There is no package at ${var.package_path}. Run `make package` first."
    }

    precondition {
      condition     = local.fits_package
      error_message = "${var.package_path} was packaged for ${local.packaged_for}, and ${var.function_name} is ${var.runtime} on ${var.architecture}. Run `${local.package_command}`, then plan again."
    }
  }

  # The role must have its policies before the first invocation; Lambda checks those for tracing at creation.
  depends_on = [
    aws_iam_role_policy.logs,
    aws_iam_role_policy.tracing,
    aws_iam_role_policy.caller,
  ]
}

# last_modified is unknown while an update is planned: the old code is then no reason to warn.
check "deployed_code" {
  assert {
    condition = (
      aws_lambda_function.this.code_sha256 == aws_lambda_function.this.source_code_hash ||
      aws_lambda_function.this.last_modified == ""
    )
    error_message = "The code of ${var.function_name} was changed outside Terraform, which does not change it back. To deploy ${var.package_path} again: aws lambda update-function-code --function-name ${var.function_name} --zip-file fileb://${var.package_path}"
  }
}

# Created here, and not by Lambda at the first invocation, to set its retention and to destroy it with the function.
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158: CloudWatch encrypts every log group with its own key; a customer managed one has a monthly price
  # checkov:skip=CKV_AWS_338: the caller chooses the retention: lines that may name riders should not be kept for a year by default

  name              = "/aws/lambda/${var.function_name}"
  retention_in_days = var.log_retention_days
}
