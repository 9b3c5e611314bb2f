# The root module validates values and has the defaults, so that neither is written twice.

variable "function_name" {
  description = "Name of the function. The dashboard, the alarms and the metrics' namespace are named after it."
  type        = string
}

variable "function_arn" {
  description = "ARN of the function, which has the region of its metrics."
  type        = string
}

variable "timeout" {
  description = "Timeout of an invocation in seconds."
  type        = number
}

variable "log_group_name" {
  description = "Name of the function's log group, with one JSON object a line."
  type        = string
}

variable "outcomes" {
  description = "Values of the field outcome in the function's log, in the order of the graph. They must include fault and table_unavailable."
  type        = list(string)
}

variable "table_name" {
  description = "Name of the table that the function writes to with PutItem."
  type        = string
}

variable "error_rate_percent" {
  description = "Percentage of the invocations in a minute that may fail before the alarm goes off."
  type        = number
}

variable "throttles" {
  description = "Invocations that may be throttled in a minute before the alarm goes off."
  type        = number
}

variable "duration_share" {
  description = "Share of the timeout, 0 to 1, that a minute's p99 duration may take before an alarm goes off."
  type        = number
}

variable "refused_writes" {
  description = "Requests in a minute whose write the table may refuse before the alarm goes off."
  type        = number
}

variable "alarm_actions" {
  description = "ARNs of the SNS topics that are notified when an alarm goes off and when it returns to OK."
  type        = list(string)
}

variable "saved_queries" {
  description = "Whether to save the Logs Insights queries: true or false. The dashboard has them either way."
  type        = bool
}

variable "more_graphs" {
  description = "Graphs to add to the dashboard: title and metrics of each, as in \"Dashboard body structure and syntax\"."
  type        = any
  default     = []
}
