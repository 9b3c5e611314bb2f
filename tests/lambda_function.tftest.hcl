mock_provider "aws" {
  mock_resource "aws_lambda_function" {
    defaults = { code_sha256 = "OxVYopqHoKovGVroo+gcSGjrRAfoI2aZ8OXMyOdXM0I=" } # that of package_path below, for the check deployed_code
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/Mocked" } # the provider checks the form of this one
  }
}

variables {
  function_name         = "Greeter"
  handler               = "greeter.handler"
  runtime               = "python3.13"
  architecture          = "x86_64"
  memory_size           = 512
  timeout               = 7
  reserved_concurrency  = 3
  tracing               = "PassThrough"
  log_level             = "WARN"
  log_retention_days    = 14
  package_path          = "LICENSE" # a file that does not change: the mocked provider does not open it
  environment_variables = { GREETING = "hello" }
  role_name             = "GreeterRole"
  role_path             = "/greeters/"
  permissions_boundary  = "arn:aws:iam::123456789012:policy/Boundary"
  policies              = { Speak = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
}

run "settings_follow_their_variables" {
  command = apply # first, so that plans know the code that is deployed

  module {
    source = "./modules/lambda_function"
  }

  assert {
    condition = (
      aws_lambda_function.this.handler == "greeter.handler" &&
      aws_lambda_function.this.runtime == "python3.13" &&
      aws_lambda_function.this.architectures == tolist(["x86_64"]) &&
      aws_lambda_function.this.memory_size == 512 &&
      aws_lambda_function.this.timeout == 7 &&
      aws_lambda_function.this.reserved_concurrent_executions == 3 &&
      aws_lambda_function.this.filename == "LICENSE" &&
      aws_lambda_function.this.tracing_config[0].mode == "PassThrough" &&
      aws_lambda_function.this.environment[0].variables == tomap({ GREETING = "hello" })
    )
    error_message = "A setting of the function is not its variable's."
  }
}

run "logs_are_json_in_a_log_group_with_a_retention" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  assert {
    condition = (
      aws_cloudwatch_log_group.this.name == "/aws/lambda/Greeter" &&
      aws_cloudwatch_log_group.this.retention_in_days == 14
    )
    error_message = "The log group has another name or retention."
  }

  assert {
    condition = aws_lambda_function.this.logging_config[0] == {
      log_group             = "/aws/lambda/Greeter"
      log_format            = "JSON"
      application_log_level = "WARN"
      system_log_level      = "DEBUG"
    }
    error_message = "The function does not log JSON to its group at the chosen level, START, END and REPORT included."
  }
}

run "the_role_has_its_path_and_boundary" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  assert {
    condition = (
      aws_iam_role.this.name == "GreeterRole" && aws_iam_role.this.path == "/greeters/" &&
      aws_iam_role.this.permissions_boundary == "arn:aws:iam::123456789012:policy/Boundary"
    )
    error_message = "The role's name, path or permissions boundary is not its variable's."
  }
}

run "only_lambda_may_assume_the_role" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy) == {
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
      }]
    }
    error_message = "The trust policy is not exactly AssumeRole by lambda.amazonaws.com."
  }
}

run "logs_policy_writes_to_the_one_group" {
  command = apply # the group's ARN is unknown before

  module {
    source = "./modules/lambda_function"
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.logs.policy) == {
      Version = "2012-10-17"
      Statement = [{
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.this.arn}:*"
      }]
    }
    error_message = "The logs policy is not exactly CreateLogStream and PutLogEvents on the function's group."
  }
}

run "role_has_the_callers_policies_and_the_logs_policy" {
  command = apply # the role's id is unknown before

  module {
    source = "./modules/lambda_function"
  }

  assert {
    condition     = keys(output.role_policies) == ["CloudWatchLogsWriteAccess", "Speak"]
    error_message = "The inline policies are not the caller's and the logs policy."
  }

  assert {
    condition     = aws_iam_role_policy.caller["Speak"].policy == var.policies["Speak"]
    error_message = "The caller's policy was changed."
  }

  assert {
    condition = alltrue([
      for policy in [aws_iam_role_policy.logs, aws_iam_role_policy.caller["Speak"]] : policy.role == aws_iam_role.this.id
    ])
    error_message = "A policy is attached to another role."
  }
}

run "active_tracing_adds_the_permissions_to_write_traces" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    tracing = "Active"
  }

  assert {
    condition     = keys(output.role_policies) == ["CloudWatchLogsWriteAccess", "Speak", "XRayWriteAccess"]
    error_message = "The role's inline policies are not the caller's, the logs policy and the tracing policy."
  }

  assert {
    condition     = aws_lambda_function.this.tracing_config[0].mode == "Active"
    error_message = "The function is not traced."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.tracing[0].policy) == {
      Version = "2012-10-17"
      Statement = [{
        Effect   = "Allow"
        Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        Resource = "*"
      }]
    }
    error_message = "The tracing policy is not exactly X-Ray's two write actions."
  }
}

run "the_names_of_the_modules_own_policies_are_refused" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    policies = { CloudWatchLogsWriteAccess = "{}" }
  }

  expect_failures = [var.policies]
}

run "missing_package_fails_the_plan" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    package_path = "build/no-such-package.zip"
  }

  expect_failures = [aws_lambda_function.this]
}

run "folder_is_not_a_package" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    package_path = "modules"
  }

  expect_failures = [aws_lambda_function.this]
}

run "an_environment_above_lambdas_limit_fails_the_plan" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    environment_variables = { A = format("%4089s", "x") } # with {"A":""} around it: 4,097 bytes
  }

  expect_failures = [aws_lambda_function.this]
}

run "an_environment_at_lambdas_limit_passes" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    environment_variables = { A = format("%4088s", "x") }
  }
}

run "the_limit_is_in_bytes_not_characters" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    environment_variables = { A = format("%4087s", "é") } # 4,087 characters, 4,088 bytes
  }
}

run "one_byte_more_fails_the_plan" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    environment_variables = { A = format("%4088s", "é") }
  }

  expect_failures = [aws_lambda_function.this]
}
