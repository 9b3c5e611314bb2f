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

run "without_a_fleet_the_function_has_the_tutorials" {
  command = plan

  assert {
    condition     = !contains(keys(module.request_unicorn.environment_variables), "FLEET")
    error_message = "FLEET is set without a fleet."
  }
}

run "a_fleet_with_homes_reaches_the_function_unchanged" {
  command = plan

  variables {
    fleet = [
      { name = "Silver", color = "Grey", gender = "Male", latitude = 90, longitude = -180 },
      { name = "Épona", color = "White", gender = "Female", latitude = -33.8688197, longitude = 151.2092955 },
    ]
  }

  assert {
    condition = jsondecode(module.request_unicorn.environment_variables.FLEET) == [
      { Name = "Silver", Color = "Grey", Gender = "Male", Latitude = 90, Longitude = -180 },
      { Name = "Épona", Color = "White", Gender = "Female", Latitude = -33.8688197, Longitude = 151.2092955 },
    ]
    error_message = "FLEET is not the fleet that was set."
  }
}

run "a_fleet_without_homes_has_no_coordinates" {
  command = plan

  variables {
    fleet = [{ name = "Silver", color = "Grey", gender = "Male" }]
  }

  assert {
    condition = (
      module.request_unicorn.environment_variables.FLEET == "[{\"Color\":\"Grey\",\"Gender\":\"Male\",\"Name\":\"Silver\"}]"
    )
    error_message = "FLEET has coordinates for a unicorn without a home."
  }
}

run "an_empty_fleet_is_refused" {
  command = plan

  variables {
    fleet = []
  }

  expect_failures = [var.fleet]
}

run "a_unicorn_without_a_name_is_refused" {
  command = plan

  variables {
    fleet = [{ name = " ", color = "Grey", gender = "Male" }]
  }

  expect_failures = [var.fleet]
}

run "a_unicorn_that_is_null_is_refused" {
  command = plan

  variables {
    fleet = [null]
  }

  expect_failures = [var.fleet]
}

run "two_unicorns_with_the_same_name_are_refused" {
  command = plan

  variables {
    fleet = [
      { name = "Silver", color = "Grey", gender = "Male" },
      { name = "Silver", color = "White", gender = "Male" },
    ]
  }

  expect_failures = [var.fleet]
}

run "half_a_position_is_refused" {
  command = plan

  variables {
    fleet = [{ name = "Silver", color = "Grey", gender = "Male", latitude = 1 }]
  }

  expect_failures = [var.fleet]
}

run "homes_for_only_some_unicorns_are_refused" {
  command = plan

  variables {
    fleet = [
      { name = "Silver", color = "Grey", gender = "Male", latitude = 1, longitude = 1 },
      { name = "Trigger", color = "Golden", gender = "Male" },
    ]
  }

  expect_failures = [var.fleet]
}

run "a_latitude_out_of_range_is_refused" {
  command = plan

  variables {
    fleet = [{ name = "Silver", color = "Grey", gender = "Male", latitude = 90.1, longitude = 1 }]
  }

  expect_failures = [var.fleet]
}

run "a_longitude_out_of_range_is_refused" {
  command = plan

  variables {
    fleet = [{ name = "Silver", color = "Grey", gender = "Male", latitude = 1, longitude = -180.1 }]
  }

  expect_failures = [var.fleet]
}
