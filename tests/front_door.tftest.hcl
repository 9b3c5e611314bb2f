mock_provider "aws" {
  mock_resource "aws_lambda_function" {
    override_during = plan # known while planning, as the check deployed_code fails if it cannot compare
    defaults        = { code_sha256 = "OxVYopqHoKovGVroo+gcSGjrRAfoI2aZ8OXMyOdXM0I=" }
  }
  mock_resource "aws_apigatewayv2_api" {
    defaults = { execution_arn = "arn:aws:execute-api:eu-west-1:123456789012:abc" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:123456789012:log-group:access" }
  }
  mock_data "aws_region" {
    defaults = { name = "eu-west-1" }
  }
}

variables {
  package_path      = "LICENSE" # a file that does not change: the mocked provider does not open it
  page_package_path = "LICENSE"
}

run "the_front_door_is_closed_by_default" {
  command = plan

  assert {
    condition     = length(concat(module.riders, module.page, module.front_door)) == 0 && output.url == null
    error_message = "Something is public without front_door = true."
  }
}

run "accounts_can_be_deleted_unless_they_are_protected" {
  command = plan

  module {
    source = "./modules/riders"
  }

  variables {
    name                = "Riders"
    deletion_protection = false
  }

  assert {
    condition     = aws_cognito_user_pool.this.deletion_protection == "INACTIVE"
    error_message = "deletion_protection = false had no effect."
  }
}

run "protected_accounts_survive_a_destroy" {
  command = plan

  module {
    source = "./modules/riders"
  }

  variables {
    name                = "Riders"
    deletion_protection = true
  }

  assert {
    condition     = aws_cognito_user_pool.this.deletion_protection == "ACTIVE"
    error_message = "deletion_protection = true had no effect."
  }
}

run "only_signed_in_riders_reach_the_function_and_only_through_this_api" {
  command = apply # the API's ARN is unknown before

  module {
    source = "./modules/front_door"
  }

  variables {
    name               = "Rides"
    ride_function_name = "Ride"
    ride_invoke_arn    = "arn:aws:lambda:eu-west-1:123456789012:function:Ride"
    page_function_name = "Page"
    page_invoke_arn    = "arn:aws:lambda:eu-west-1:123456789012:function:Page"
    user_pool_id       = "eu-west-1_a"
    client_id          = "client"
    issuer             = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a"
    rate_limit         = 50
    burst_limit        = 100
    log_retention_days = 30
    alarm_actions      = []
  }

  assert {
    condition = {
      for key, route in aws_apigatewayv2_route.this : key => route.authorization_type
      } == {
      "POST /ride"   = "JWT"
      "GET /"        = "NONE"
      "GET /{file+}" = "NONE"
    }
    error_message = "Another route than those of the page needs no token."
  }

  assert {
    condition = (
      aws_apigatewayv2_route.this["POST /ride"].authorizer_id == aws_apigatewayv2_authorizer.riders.id &&
      toset(one(aws_apigatewayv2_authorizer.riders.jwt_configuration).audience) == toset(["client"])
    )
    error_message = "Rides accept the tokens of others than the page's riders."
  }

  assert {
    condition = alltrue([
      for permission in aws_lambda_permission.this :
      permission.source_arn == "${aws_apigatewayv2_api.this.execution_arn}/*/*"
    ])
    error_message = "Another API may invoke a function."
  }

  assert {
    condition = toset(output.alarm_names) == toset([
      "Rides-front-door-5xx", "Rides-front-door-latency", "Page-errors"
    ])
    error_message = "The alarms do not have the names of the API and of the page's function, by which copies differ."
  }
}
