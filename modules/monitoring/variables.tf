# The root module validates values and has the defaults, so that neither is written twice.

variable "function_name" {
  description = "Name of the function. The dashboard, the alarms and the metrics' namespace are named after it."
  type        = string
}

variable "region" {
  description = "Region of the function."
  type        = string
}

variable "gives_up_after" {
  description = "Seconds after which the function stops waiting for the table and answers."
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
  description = "Percentage of the invocations in a minute that may fail, or return 500, before the alarm on either goes off."
  type        = number
}

variable "throttles" {
  description = "Invocations that may be throttled in a minute before the alarm goes off."
  type        = number
}

variable "duration_share" {
  description = "Share of gives_up_after, 0 to 1, that the p99 duration of a minute may reach before the alarm goes off."
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

variable "more_alarms" {
  description = "ARNs of other alarms to show on the dashboard."
  type        = list(string)
  default     = []
}
