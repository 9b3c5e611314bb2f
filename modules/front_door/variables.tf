# The root module validates values and has the defaults, so that neither is written twice.

variable "name" {
  description = "Name of the API, its access log (/aws/apigateway/<name>) and its alarms."
  type        = string
}

variable "ride_function_name" {
  description = "Name of the function that answers POST /ride."
  type        = string
}

variable "ride_invoke_arn" {
  description = "ARN with which API Gateway invokes that function."
  type        = string
}

variable "page_function_name" {
  description = "Name of the function that serves the page."
  type        = string
}

variable "page_invoke_arn" {
  description = "ARN with which API Gateway invokes that function."
  type        = string
}

variable "user_pool_id" {
  description = "Id of the user pool that riders sign in to; the page reads it from the stage's variables."
  type        = string
}

variable "client_id" {
  description = "Id of the page's app client, the audience of riders' tokens."
  type        = string
}

variable "issuer" {
  description = "Issuer of riders' tokens: https://cognito-idp.<region>.amazonaws.com/<user pool id>."
  type        = string
}

variable "rate_limit" {
  description = "Requests per second that each route accepts; more are answered 429."
  type        = number
}

variable "burst_limit" {
  description = "Requests that each route accepts at once."
  type        = number
}

variable "log_retention_days" {
  description = "Days to keep the access log; 0 keeps it forever."
  type        = number
}


variable "alarm_actions" {
  description = "ARNs of the SNS topics that are notified when an alarm goes off and when it returns to OK."
  type        = list(string)
}
