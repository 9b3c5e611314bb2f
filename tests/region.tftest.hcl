# A state belongs to the region of its first apply.
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

run "the_first_apply_keeps_its_region" {
  command = apply

  assert {
    condition     = output.region == "eu-west-1"
    error_message = "The state does not have the region of the apply."
  }
}

run "a_plan_in_another_region_fails" {
  command = plan

  override_data {
    target = data.aws_region.current
    values = { name = "us-east-1" }
  }

  expect_failures = [terraform_data.region]
}

run "a_plan_in_the_same_region_passes" {
  command = plan
}
