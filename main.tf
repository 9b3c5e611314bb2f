locals {
  # In the function's format, which leaves out the coordinates of a unicorn without a home.
  fleet = [
    for unicorn in coalesce(var.fleet, var.front_door ? local.fleet_with_homes : []) : {
      for name, value in {
        Name      = unicorn.name
        Color     = unicorn.color
        Gender    = unicorn.gender
        Latitude  = unicorn.latitude
        Longitude = unicorn.longitude
      } : name => value if value != null
    }
  ]

  # Seconds. The function gives up on a table that does not answer after PATIENCE of function/record.py.
  gives_up_after = min(5, var.timeout)
}

module "rides_table" {
  source = "./modules/rides_table"

  table_name             = var.table_name
  deletion_protection    = var.deletion_protection
  point_in_time_recovery = var.point_in_time_recovery
}

module "request_unicorn" {
  source = "./modules/lambda_function"

  function_name        = var.function_name
  handler              = "request_unicorn.handler"
  runtime              = var.runtime
  architecture         = var.architecture
  memory_size          = var.memory_size
  timeout              = var.timeout
  reserved_concurrency = var.reserved_concurrency
  tracing              = var.tracing
  log_level            = var.log_level
  log_retention_days   = var.log_retention_days
  package_path         = var.package_path
  role_name            = var.role_name
  role_path            = var.role_path
  permissions_boundary = var.permissions_boundary

  environment_variables = merge(
    {
      RIDES_TABLE  = module.rides_table.table_name
      ALLOW_ORIGIN = var.allow_origin
      LOG_RIDERS   = tostring(var.log_riders)
    },
    length(local.fleet) == 0 ? {} : { FLEET = jsonencode(local.fleet) },
  )

  policies = {
    (var.policy_name) = jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect   = "Allow"
        Action   = "dynamodb:PutItem"
        Resource = module.rides_table.table_arn
      }]
    })
  }
}

module "monitoring" {
  source = "./modules/monitoring"

  function_name      = module.request_unicorn.function_name
  region             = local.region
  gives_up_after     = local.gives_up_after
  log_group_name     = module.request_unicorn.log_group_name
  outcomes           = ["created", "bad_request", "no_rider", "wrong_method", "key_reused", "table_unavailable", "fault"]
  table_name         = module.rides_table.table_name
  error_rate_percent = var.alarm_error_rate_percent
  throttles          = var.alarm_throttles
  duration_share     = var.alarm_duration_share
  refused_writes     = var.alarm_refused_writes
  alarm_actions      = var.alarm_actions
  saved_queries      = var.saved_queries
  more_graphs        = flatten(module.front_door[*].graphs)
  more_alarms        = flatten(module.front_door[*].alarm_arns)
}
