# The tests need Terraform 1.7 for mock_provider; the configuration itself needs 1.5.
mock_provider "aws" {}

variables {
  package_path = "versions.tf" # any file: the mocked provider does not open it
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

run "source_code_hash_is_that_of_the_package" {
  command = plan

  assert {
    condition     = output.source_code_hash == filebase64sha256("versions.tf")
    error_message = "source_code_hash is not the SHA-256 of the file at package_path."
  }
}
