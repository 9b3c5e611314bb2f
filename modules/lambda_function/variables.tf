# The root module validates values and has the defaults, so that neither is written twice. Only what the caller cannot
# know is validated here.

variable "function_name" {
  description = "Name of the function; its log group is /aws/lambda/<function_name>."
  type        = string
}

variable "handler" {
  description = "Function that Lambda calls, as module.function."
  type        = string
}

variable "runtime" {
  description = "Identifier of a Lambda runtime, such as python3.13."
  type        = string
}

variable "architecture" {
  description = "Processor architecture: arm64 or x86_64."
  type        = string
}

variable "memory_size" {
  description = "Memory in MB."
  type        = number
}

variable "timeout" {
  description = "Timeout of an invocation in seconds."
  type        = number
}

variable "reserved_concurrency" {
  description = "Invocations that may run at once; -1 reserves none."
  type        = number
}

variable "tracing" {
  description = "X-Ray tracing: Active or PassThrough. Active adds X-Ray's two write actions to the role."
  type        = string
}

variable "log_level" {
  description = "Minimum level of the function's own log lines."
  type        = string
}

variable "log_retention_days" {
  description = "Days to keep logs; 0 keeps them forever."
  type        = number
}

variable "package_path" {
  description = "Path of the deployment package, a zip file."
  type        = string
}

variable "environment_variables" {
  description = "Environment variables of the function."
  type        = map(string)
}

variable "role_name" {
  description = "Name of the function's execution role."
  type        = string
}

variable "policies" {
  description = "Inline policies of the role, besides those for logs and tracing: a map of names to JSON documents."
  type        = map(string)

  validation {
    condition = length(setintersection(
      keys(var.policies), ["CloudWatchLogsWriteAccess", "XRayWriteAccess"]
    )) == 0
    error_message = "The module's own policies have the names CloudWatchLogsWriteAccess and XRayWriteAccess. Choose another, such as DynamoDBWriteAccess."
  }
}
