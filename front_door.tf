# The front door, if it is open: a page for riders, and an API that accepts rides only from riders who are signed in.

locals {
  # With homes, so that the nearest unicorn means something on a map.
  fleet_with_homes = [
    { name = "Bucephalus", color = "Golden", gender = "Male", latitude = 40.76, longitude = 22.52 },
    { name = "Shadowfax", color = "White", gender = "Male", latitude = -37.86, longitude = 175.68 },
    { name = "Rocinante", color = "Yellow", gender = "Female", latitude = 39.41, longitude = -3.01 },
    { name = "Sequoia", color = "Copper", gender = "Male", latitude = 47.61, longitude = -122.33 },
    { name = "Maple", color = "Red", gender = "Female", latitude = 46.81, longitude = -71.21 },
    { name = "Selva", color = "Green", gender = "Female", latitude = -3.12, longitude = -60.02 },
    { name = "Aurora", color = "Pearl", gender = "Female", latitude = 69.65, longitude = 18.96 },
    { name = "Karoo", color = "Sand", gender = "Male", latitude = -31.9, longitude = 22.5 },
    { name = "Monsoon", color = "Blue", gender = "Male", latitude = 9.93, longitude = 76.27 },
    { name = "Sakura", color = "Pink", gender = "Female", latitude = 35.01, longitude = 135.77 },
    { name = "Ember", color = "Orange", gender = "Female", latitude = -23.7, longitude = 133.88 },
  ]
}

module "riders" {
  source = "./modules/riders"
  count  = var.front_door ? 1 : 0

  name                = "${var.function_name}Riders"
  deletion_protection = var.deletion_protection
}

module "page" {
  source = "./modules/lambda_function"
  count  = var.front_door ? 1 : 0

  function_name         = "${substr(var.function_name, 0, 60)}Page" # names may have 64 characters
  handler               = "page.handler"
  runtime               = var.runtime
  architecture          = var.architecture
  timeout               = 5
  tracing               = var.tracing
  log_level             = var.log_level
  log_retention_days    = var.log_retention_days
  package_path          = var.page_package_path
  role_name             = "${substr(var.role_name, 0, 60)}Page"
  role_path             = var.role_path
  permissions_boundary  = var.permissions_boundary
  environment_variables = { FLEET = jsonencode(local.fleet) }
}

module "front_door" {
  source = "./modules/front_door"
  count  = var.front_door ? 1 : 0

  name               = var.function_name
  ride_function_name = module.request_unicorn.function_name
  ride_invoke_arn    = module.request_unicorn.invoke_arn
  page_function_name = module.page[0].function_name
  page_invoke_arn    = module.page[0].invoke_arn
  user_pool_id       = module.riders[0].user_pool_id
  client_id          = module.riders[0].client_id
  issuer             = module.riders[0].issuer
  rate_limit         = var.front_door_rate_limit
  burst_limit        = var.front_door_burst_limit
  log_retention_days = var.log_retention_days
  alarm_actions      = var.alarm_actions
}
