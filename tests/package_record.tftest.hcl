mock_provider "aws" {
  mock_resource "aws_lambda_function" {
    override_during = plan
    defaults        = { last_modified = "" } # no time: the check deployed_code does not compare
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/Mocked" } # the provider checks the form of this one
  }
}

variables {
  function_name         = "Greeter"
  handler               = "greeter.handler"
  runtime               = "python3.13"
  architecture          = "arm64"
  memory_size           = 512
  timeout               = 7
  reserved_concurrency  = 3
  tracing               = "PassThrough"
  log_level             = "WARN"
  log_retention_days    = 14
  package_path          = "tests/packages/compiled.zip" # its record: compiled code for python3.13 on arm64
  environment_variables = { GREETING = "hello" }
  role_name             = "GreeterRole"
  policies              = {}
}

run "compiled_code_fits_what_it_was_packaged_for" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }
}

run "compiled_code_for_another_architecture_fails_the_plan" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    architecture = "x86_64"
  }

  expect_failures = [aws_lambda_function.this]
}

run "compiled_code_for_another_runtime_fails_the_plan" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    runtime = "python3.12"
  }

  expect_failures = [aws_lambda_function.this]
}

run "wheels_chosen_for_another_runtime_fail_the_plan" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    package_path = "tests/packages/wheels.zip" # pure Python, from a requirements.txt
    runtime      = "python3.12"
  }

  expect_failures = [aws_lambda_function.this]
}

run "pure_python_wheels_fit_any_architecture" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    package_path = "tests/packages/wheels.zip"
    architecture = "x86_64"
  }
}

run "the_functions_own_python_fits_any_runtime_and_architecture" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    package_path = "tests/packages/pure.zip"
    architecture = "x86_64"
    runtime      = "python3.12"
  }
}

run "the_record_of_another_zip_does_not_count" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    package_path = "tests/packages/replaced.zip" # its record has another hash
    architecture = "x86_64"
  }
}
