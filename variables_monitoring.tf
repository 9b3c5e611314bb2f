variable "alarm_error_rate_percent" {
  description = "Percentage of a minute's invocations that may fail, or be answered 500, before an alarm goes off: 0 to less than 100."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.alarm_error_rate_percent >= 0 && var.alarm_error_rate_percent < 100
    error_message = "alarm_error_rate_percent must be from 0 to less than 100, such as 5."
  }
}

variable "alarm_throttles" {
  description = "Invocations that may be throttled in a minute before an alarm goes off: 0 or more."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.alarm_throttles >= 0 && floor(var.alarm_throttles) == var.alarm_throttles
    error_message = "alarm_throttles must be a whole number from 0, such as 10."
  }
}

variable "alarm_duration_share" {
  description = "Share of the timeout that one in a hundred invocations (p99) may take before an alarm goes off: more than 0 and less than 1."
  type        = number
  default     = 0.8
  nullable    = false

  validation {
    condition     = var.alarm_duration_share > 0 && var.alarm_duration_share < 1
    error_message = "alarm_duration_share must be more than 0 and less than 1, such as 0.8."
  }
}

variable "alarm_refused_writes" {
  description = "Requests that may be answered 503 in a minute, the table not taking the write, before an alarm goes off: 0 or more."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.alarm_refused_writes >= 0 && floor(var.alarm_refused_writes) == var.alarm_refused_writes
    error_message = "alarm_refused_writes must be a whole number from 0, such as 10."
  }
}

variable "alarm_actions" {
  description = "ARNs of up to 5 SNS topics that are told when an alarm goes off, and when it is over."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = (
      length(var.alarm_actions) <= 5 &&
      alltrue([
        for arn in var.alarm_actions :
        can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", arn))
      ])
    )
    error_message = "alarm_actions must be at most 5 ARNs of SNS topics, such as arn:aws:sns:us-east-1:123456789012:alarms."
  }
}

variable "saved_queries" {
  description = "Whether to save the dashboard's queries in Logs Insights too: true or false. Where there is no Logs Insights, as in the local AWS, the provider would try for minutes."
  type        = bool
  default     = false
  nullable    = false
}
