mock_provider "aws" {
  mock_resource "aws_lambda_function" {
    defaults = { code_sha256 = "OxVYopqHoKovGVroo+gcSGjrRAfoI2aZ8OXMyOdXM0I=" } # that of package_path below, for the check deployed_code
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/Mocked" } # the provider checks the form of this one
  }
  mock_data "aws_region" {
    defaults = { name = "eu-west-1" }
  }
}

variables {
  package_path = "LICENSE" # a file that does not change: the mocked provider does not open it
}

run "role_may_do_three_things_on_named_resources" {
  command = apply # the ARNs in the policies are unknown before

  assert {
    condition = toset(flatten([
      for document in values(module.request_unicorn.role_policies) :
      [for statement in jsondecode(document).Statement : statement.Action]
    ])) == toset(["dynamodb:PutItem", "logs:CreateLogStream", "logs:PutLogEvents"])
    error_message = "The role's actions are not exactly PutItem, CreateLogStream and PutLogEvents."
  }

  assert {
    condition = alltrue(flatten([
      for document in values(module.request_unicorn.role_policies) :
      [for statement in jsondecode(document).Statement : statement.Resource != "*"]
    ]))
    error_message = "A policy names every resource."
  }

  assert {
    condition = jsondecode(module.request_unicorn.role_policies["DynamoDBWriteAccess"]) == {
      Version = "2012-10-17"
      Statement = [{
        Effect   = "Allow"
        Action   = "dynamodb:PutItem"
        Resource = output.table_arn
      }]
    }
    error_message = "DynamoDBWriteAccess is not exactly PutItem on the table."
  }
}
