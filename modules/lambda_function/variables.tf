# The caller validates values and chooses defaults, so that each is written once. Only what the caller cannot know is
# validated here.

variable "function_name" {
  description = "Name of the function; its log group is /aws/lambda/<function_name>."
  type        = string
}

variable "handler" {
  description = "Module and function that Lambda calls, as module.function."
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
  description = "Seconds after which Lambda stops an invocation."
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
  description = "Least severe application log level that is kept."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which logs are kept; 0 keeps them for ever."
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
  description = "Inline policies of the role beside those for logs and tracing: name to JSON document."
  type        = map(string)

  validation {
    condition = length(setintersection(
      keys(var.policies), ["CloudWatchLogsWriteAccess", "XRayWriteAccess"]
    )) == 0
    error_message = "The names CloudWatchLogsWriteAccess and XRayWriteAccess are taken by the module's own policies; choose another, such as DynamoDBWriteAccess."
  }
}
