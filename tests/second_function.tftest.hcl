# modules/lambda_function needs three values; the rest has defaults.
mock_provider "aws" {
  mock_resource "aws_lambda_function" {
    override_during = plan # known while planning, as the check deployed_code fails if it cannot compare
    defaults        = { code_sha256 = "OxVYopqHoKovGVroo+gcSGjrRAfoI2aZ8OXMyOdXM0I=" }
  }
}

run "three_values_make_a_function" {
  command = plan

  module {
    source = "./modules/lambda_function"
  }

  variables {
    function_name = "Greeter"
    handler       = "greeter.handler"
    package_path  = "LICENSE" # a file that does not change: the mocked provider does not open it
  }

  assert {
    condition = (
      aws_lambda_function.this.runtime == "python3.13" &&
      aws_lambda_function.this.architectures == tolist(["arm64"]) &&
      aws_lambda_function.this.memory_size == 256 &&
      aws_lambda_function.this.timeout == 10 &&
      length(aws_lambda_function.this.environment) == 0
    )
    error_message = "A default is not the one of variables.tf."
  }

  assert {
    condition     = aws_iam_role.this.name == "Greeter" && keys(output.role_policies) == ["CloudWatchLogsWriteAccess"]
    error_message = "The role does not have the function's name and the logs policy alone."
  }
}
