# The tests need Terraform 1.11 for override_during; the configuration itself needs 1.5.
mock_provider "aws" {
  mock_resource "aws_lambda_function" {
    override_during = plan # known while planning, as the check deployed_code fails if it cannot compare
    defaults        = { code_sha256 = "OxVYopqHoKovGVroo+gcSGjrRAfoI2aZ8OXMyOdXM0I=" }
  }
  mock_data "aws_region" {
    defaults = { name = "eu-west-1" }
  }
}

variables {
  package_path = "LICENSE" # a file that does not change: the mocked provider does not open it
}

run "names_are_the_tutorials_by_default" {
  command = plan

  assert {
    condition = [
      output.function_name, output.table_name, output.role_name, output.log_group_name
    ] == ["RequestUnicorn", "Rides", "WildRydesLambda", "/aws/lambda/RequestUnicorn"]
    error_message = "A default name is not the tutorial's."
  }

  assert {
    condition     = output.dashboard_name == "RequestUnicorn-eu-west-1"
    error_message = "The dashboard's name does not have the region, and dashboards are global in an account."
  }

  assert {
    condition     = contains(keys(module.request_unicorn.role_policies), "DynamoDBWriteAccess")
    error_message = "The role lacks the tutorial's inline policy."
  }
}

run "every_name_can_be_changed_for_a_second_copy" {
  command = plan

  variables {
    function_name = "RequestUnicorn-2"
    table_name    = "Rides-2"
    role_name     = "WildRydesLambda-2"
    policy_name   = "DynamoDBWriteAccess-2"
  }

  assert {
    condition = [
      output.function_name, output.table_name, output.role_name, output.log_group_name
    ] == ["RequestUnicorn-2", "Rides-2", "WildRydesLambda-2", "/aws/lambda/RequestUnicorn-2"]
    error_message = "A name did not follow its variable."
  }

  assert {
    condition     = contains(keys(module.request_unicorn.role_policies), "DynamoDBWriteAccess-2")
    error_message = "The inline policy's name did not follow policy_name."
  }
}

run "the_longest_names_leave_room_for_those_of_the_page" {
  command = plan

  variables {
    front_door        = true
    page_package_path = "LICENSE"
    function_name     = "RequestUnicorn-0123456789-0123456789-0123456789-0123456789-01234"
    role_name         = "WildRydesLambda-0123456789-0123456789-0123456789-0123456789-0123"
  }

  assert {
    condition = [module.page[0].function_name, module.page[0].role_name] == [
      "RequestUnicorn-0123456789-0123456789-0123456789-0123456789-0Page",
      "WildRydesLambda-0123456789-0123456789-0123456789-0123456789-Page",
    ]
    error_message = "The names of the page's function and role are not the first 60 characters of yours, and Page."
  }
}

run "the_package_that_is_deployed_is_the_one_at_package_path" {
  command = plan

  assert {
    condition     = module.request_unicorn.package_hash == filebase64sha256("LICENSE")
    error_message = "The function's source_code_hash is not the SHA-256 of the file at package_path."
  }
}
