locals {
  integrations = {
    ride = { function_name = var.ride_function_name, invoke_arn = var.ride_invoke_arn }
    page = { function_name = var.page_function_name, invoke_arn = var.page_invoke_arn }
  }

  # Which integration answers a route, and whether a rider must be signed in.
  routes = {
    "POST /ride"   = { integration = "ride", signed_in = true }
    "GET /"        = { integration = "page", signed_in = false }
    "GET /{file+}" = { integration = "page", signed_in = false }
  }
}

resource "aws_apigatewayv2_api" "this" {
  name          = var.name
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_authorizer" "riders" {
  api_id           = aws_apigatewayv2_api.this.id
  name             = "riders"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.issuer
    audience = [var.client_id]
  }
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = local.integrations

  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_uri        = each.value.invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = 30000
}

resource "aws_apigatewayv2_route" "this" {
  # checkov:skip=CKV_AWS_309: the page where people sign in is open to everybody; rides need a rider's token
  for_each = local.routes

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.this[each.value.integration].id}"
  authorization_type = each.value.signed_in ? "JWT" : "NONE"
  authorizer_id      = each.value.signed_in ? aws_apigatewayv2_authorizer.riders.id : null
}

resource "aws_lambda_permission" "this" {
  for_each = local.integrations

  statement_id  = "FrontDoor"
  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}

resource "aws_cloudwatch_log_group" "access" {
  # checkov:skip=CKV_AWS_158: CloudWatch encrypts every log group with its own key; a customer managed one has a monthly price
  # checkov:skip=CKV_AWS_338: the caller chooses the retention: riders' addresses should not be kept for a year by default
  name              = "/aws/apigateway/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  # The page's function passes these to the browser, which signs riders in with them.
  stage_variables = {
    user_pool_id = var.user_pool_id
    client_id    = var.client_id
  }

  default_route_settings {
    throttling_burst_limit = var.burst_limit
    throttling_rate_limit  = var.rate_limit
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
      time              = "$context.requestTime"
      request_id        = "$context.requestId"
      route             = "$context.routeKey"
      status            = "$context.status"
      error             = "$context.error.message"
      authorizer_error  = "$context.authorizer.error"
      integration_error = "$context.integrationErrorMessage"
      latency_ms        = "$context.responseLatency"
      integration_ms    = "$context.integrationLatency"
      response_bytes    = "$context.responseLength"
      source_ip         = "$context.identity.sourceIp"
    })
  }
}
