# function_name, handler and package_path are required. The root module validates the values that it passes on; only what
# a caller cannot know is validated here.

variable "function_name" {
  description = "Name of the function; its log group is /aws/lambda/<function_name>."
  type        = string
}

variable "handler" {
  description = "Python function that Lambda calls, as module.function."
  type        = string
}

variable "runtime" {
  description = "Identifier of a Lambda runtime, such as python3.13."
  type        = string
  default     = "python3.13"
  nullable    = false
}

variable "architecture" {
  description = "Processor architecture: arm64 or x86_64."
  type        = string
  default     = "arm64"
  nullable    = false
}

variable "memory_size" {
  description = "Memory in MB."
  type        = number
  default     = 256
  nullable    = false
}

variable "timeout" {
  description = "Timeout of an invocation in seconds."
  type        = number
  default     = 10
  nullable    = false
}

variable "reserved_concurrency" {
  description = "Invocations that may run at once; -1 reserves none."
  type        = number
  default     = -1
  nullable    = false
}

variable "tracing" {
  description = "X-Ray tracing: Active or PassThrough. Active adds X-Ray's two write actions to the role."
  type        = string
  default     = "PassThrough"
  nullable    = false
}

variable "log_level" {
  description = "Minimum level of the function's own log lines."
  type        = string
  default     = "INFO"
  nullable    = false
}

variable "log_retention_days" {
  description = "Days to keep logs; 0 keeps them forever."
  type        = number
  default     = 30
  nullable    = false
}

variable "package_path" {
  description = "Path of the deployment package, a zip file."
  type        = string
}

variable "environment_variables" {
  description = "Environment variables of the function."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "role_name" {
  description = "Name of the function's execution role; null gives it the function's name."
  type        = string
  default     = null
}

variable "role_path" {
  description = "Path of the role in IAM."
  type        = string
  default     = "/"
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the IAM policy that limits what the role may do; null sets none."
  type        = string
  default     = null
}

variable "policies" {
  description = "Inline policies of the role, besides those for logs and tracing: a map of names to JSON documents."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = length(setintersection(
      keys(var.policies), ["CloudWatchLogsWriteAccess", "XRayWriteAccess"]
    )) == 0
    error_message = "The module's own policies have the names CloudWatchLogsWriteAccess and XRayWriteAccess. Choose another, such as DynamoDBWriteAccess."
  }
}
