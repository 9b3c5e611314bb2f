# The code that Lambda has is compared with the package.
mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { name = "eu-west-1" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/Mocked" } # the provider checks the form of this one
  }
  mock_resource "aws_lambda_function" {
    defaults = { code_sha256 = "of the code that was pasted into the console" }
  }
}

variables {
  package_path = "LICENSE" # any file: the mocked provider does not open it
}

run "code_that_was_changed_outside_terraform_is_a_warning" {
  command = apply

  module {
    source = "./modules/lambda_function"
  }

  variables {
    function_name = "Greeter"
    handler       = "greeter.handler"
  }

  expect_failures = [check.deployed_code]
}
