# The caller validates values and chooses defaults, so that each is written once.

variable "function_name" {
  description = "Name of the function; the names of the dashboard, the alarms and the metrics' namespace come from it."
  type        = string
}

variable "function_arn" {
  description = "ARN of the function, which tells the region of its metrics."
  type        = string
}

variable "timeout" {
  description = "Seconds after which Lambda stops an invocation."
  type        = number
}

variable "log_group_name" {
  description = "Name of the function's log group, with one JSON object a line."
  type        = string
}

variable "outcomes" {
  description = "Every value of the field outcome in the function's log, in the order of the graph; fault and table_unavailable among them."
  type        = list(string)
}

variable "table_name" {
  description = "Name of the table that the function writes to, with PutItem."
  type        = string
}

variable "error_rate_percent" {
  description = "Percentage of a minute's invocations that may fail before an alarm goes off."
  type        = number
}

variable "throttles" {
  description = "Invocations that may be throttled in a minute before an alarm goes off."
  type        = number
}

variable "duration_share" {
  description = "Share of the timeout, 0 to 1, that a minute's p99 duration may take before an alarm goes off."
  type        = number
}

variable "refused_writes" {
  description = "Requests that may go without their write in a minute before an alarm goes off."
  type        = number
}

variable "alarm_actions" {
  description = "ARNs of the SNS topics that are told when an alarm goes off, and when it is over."
  type        = list(string)
}

variable "saved_queries" {
  description = "Whether to save the Logs Insights queries: true or false. They are on the dashboard in either case."
  type        = bool
}
