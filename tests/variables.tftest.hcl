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

run "shortest_and_lowest_legal_values_pass" {
  command = plan

  variables {
    function_name        = "f"
    table_name           = "t-1"
    role_name            = "r"
    role_path            = "/"
    policy_name          = "p"
    permissions_boundary = "arn:aws:iam::aws:policy/p"
    runtime              = "python3.11"
    architecture         = "arm64"
    memory_size          = 128
    timeout              = 3
    reserved_concurrency = -1
    tracing              = "Active"
    log_level            = "TRACE"
    log_retention_days   = 0
    allow_origin         = "*"
    tags                 = {}
  }
}

run "longest_and_highest_legal_values_pass" {
  command = plan

  variables {
    function_name        = format("%064d", 0)
    table_name           = format("%0255d", 0)
    role_name            = format("%064d", 0)
    role_path            = "/${format("%0510d", 0)}/"
    policy_name          = format("%0128d", 0)
    permissions_boundary = "arn:aws-us-gov:iam::123456789012:policy/teams/${format("%0128d", 0)}"
    runtime              = "python3.13"
    architecture         = "x86_64"
    memory_size          = 10240
    timeout              = 900
    reserved_concurrency = 0
    tracing              = "PassThrough"
    log_level            = "ERROR"
    log_retention_days   = 3653
    allow_origin         = "http://localhost:3000"
    tags = merge(
      { for n in range(49) : "tag-${n}" => "rides" },
      { format("%0128d", 0) = format("%0256d", 0) }
    )
  }
}

run "every_legal_character_passes" {
  command = plan

  variables {
    function_name        = "Az_0-9"
    table_name           = "Az_0-9."
    role_name            = "Az_0-9+=,.@"
    role_path            = "/Az_0-9/!~/"
    policy_name          = "Az_0-9+=,.@"
    reserved_concurrency = 20
    allow_origin         = "https://www.rydes-2.example"
    tags                 = { "Kostenträger 1_.:/=+-@" = "" }
  }
}

run "null_means_the_default" {
  command = plan

  variables {
    function_name = null
    memory_size   = null
    tags          = null
  }

  assert {
    condition     = output.function_name == "RequestUnicorn"
    error_message = "A null function_name did not become the default."
  }
}

run "too_short_or_too_low_is_refused" {
  command = plan

  variables {
    function_name        = ""
    table_name           = "ab"
    role_name            = ""
    role_path            = ""
    policy_name          = ""
    permissions_boundary = ""
    memory_size          = 127
    timeout              = 0
    reserved_concurrency = -2
    log_retention_days   = -1
    allow_origin         = ""
    tags                 = { "" = "a value without a key" }
  }

  expect_failures = [
    var.function_name, var.table_name, var.role_name, var.role_path, var.policy_name, var.permissions_boundary,
    var.memory_size, var.timeout, var.reserved_concurrency, var.log_retention_days, var.allow_origin, var.tags,
  ]
}

run "too_long_or_too_high_is_refused" {
  command = plan

  variables {
    function_name      = format("%065d", 0)
    table_name         = format("%0256d", 0)
    role_name          = format("%065d", 0)
    role_path          = "/${format("%0511d", 0)}/"
    policy_name        = format("%0129d", 0)
    memory_size        = 10241
    timeout            = 901
    log_retention_days = 3654
    tags               = { Project = format("%0257d", 0) }
  }

  expect_failures = [
    var.function_name, var.table_name, var.role_name, var.role_path, var.policy_name, var.memory_size, var.timeout,
    var.log_retention_days, var.tags,
  ]
}

run "near_misses_are_refused" {
  command = plan

  variables {
    function_name        = "Request.Unicorn"
    table_name           = "Rides/2"
    role_name            = "Wild Rydes"
    role_path            = "/rydes"
    policy_name          = "DynamoDB/Write"
    permissions_boundary = "arn:aws:iam::123456789012:role/Boundary"
    runtime              = "python3.10"
    architecture         = "ARM64"
    memory_size          = 256.5
    timeout              = 2.5
    reserved_concurrency = 0.5
    tracing              = "On"
    log_level            = "info"
    log_retention_days   = 15
    allow_origin         = "https://rydes.example/app"
    tags                 = { Project = "Wild#Rydes" }
  }

  expect_failures = [
    var.function_name, var.table_name, var.role_name, var.role_path, var.policy_name, var.permissions_boundary,
    var.runtime, var.architecture, var.memory_size, var.timeout, var.reserved_concurrency, var.tracing, var.log_level, var.log_retention_days, var.allow_origin, var.tags,
  ]
}

run "a_log_level_that_drops_what_the_alarms_count_is_refused" {
  command = plan

  variables {
    log_level = "FATAL"
  }

  expect_failures = [var.log_level]
}

run "trailing_newlines_are_refused" {
  command = plan

  variables {
    function_name = "RequestUnicorn\n"
    table_name    = "Rides\n"
    role_name     = "WildRydesLambda\n"
    policy_name   = "DynamoDBWriteAccess\n"
    allow_origin  = "*\n"
    tags          = { Project = "WildRydes\n" }
  }

  expect_failures = [
    var.function_name, var.table_name, var.role_name, var.policy_name, var.allow_origin, var.tags,
  ]
}

run "two_origins_and_a_tag_key_of_aws_are_refused" {
  command = plan

  variables {
    allow_origin = "https://rydes.example,https://www.rydes.example"
    tags         = { "AWS:stack" = "rides" }
  }

  expect_failures = [var.allow_origin, var.tags]
}

run "wildcard_host_and_tag_keys_that_differ_only_in_case_are_refused" {
  command = plan

  variables {
    allow_origin = "https://*.rydes.example"
    tags         = { Project = "rides", project = "rides" }
  }

  expect_failures = [var.allow_origin, var.tags]
}

run "null_origin_and_fifty_one_tags_are_refused" {
  command = plan

  variables {
    allow_origin = "null" # what browsers send from a file or a sandboxed frame
    tags         = { for n in range(51) : "tag-${n}" => "rides" }
  }

  expect_failures = [var.allow_origin, var.tags]
}

run "tag_key_over_128_characters_is_refused" {
  command = plan

  variables {
    tags = { format("%0129d", 0) = "rides" }
  }

  expect_failures = [var.tags]
}
