variable "function_name" {
  description = "Name of the function, 1 to 64 letters, digits, hyphens and underscores. The log group, dashboard and alarms are named after it."
  type        = string
  default     = "RequestUnicorn"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.function_name))
    error_message = "function_name must be 1 to 64 letters, digits, hyphens and underscores, such as RequestUnicorn."
  }
}

variable "table_name" {
  description = "Name of the table that records rides: 3 to 255 letters, digits, dots, hyphens and underscores."
  type        = string
  default     = "Rides"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,255}$", var.table_name))
    error_message = "table_name must be 3 to 255 letters, digits, dots, hyphens and underscores, such as Rides."
  }
}

variable "role_name" {
  description = "Name of the function's execution role: 1 to 64 letters, digits and _+=,.@-. Roles are global in an account, so a copy in a second region needs another name."
  type        = string
  default     = "WildRydesLambda"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "role_name must be 1 to 64 letters, digits and _+=,.@-, such as WildRydesLambda."
  }
}

variable "role_path" {
  description = "Path of the role in IAM: / or visible ASCII characters between slashes, up to 512 characters. Changing it replaces the role."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([!-~]+/)?$", var.role_path)) && length(var.role_path) <= 512
    error_message = "role_path must begin and end with a slash, such as / or /rydes/, and have up to 512 visible ASCII characters."
  }
}

variable "permissions_boundary" {
  description = "ARN of the IAM policy that limits what the role may do, whatever its own policies allow. null sets no boundary."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null ? true : can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[!-~]+$", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of an IAM policy, such as arn:aws:iam::123456789012:policy/Boundary, or null."
  }
}

variable "policy_name" {
  description = "Name of the role's inline policy that allows writing rides: 1 to 128 letters, digits and _+=,.@-."
  type        = string
  default     = "DynamoDBWriteAccess"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,128}$", var.policy_name))
    error_message = "policy_name must be 1 to 128 letters, digits and _+=,.@-, such as DynamoDBWriteAccess."
  }
}

variable "package_path" {
  description = "Path of the zip that `make package` writes. Keep it relative: the state records it, so an absolute path would show as a change in every other checkout."
  type        = string
  default     = "build/function.zip"
  nullable    = false
}

variable "front_door" {
  description = "Whether to open the front door, a page where people sign up, sign in and request a unicorn, and a public API behind it: true or false."
  type        = bool
  default     = false
  nullable    = false
}

variable "front_door_rate_limit" {
  description = "Requests per second that each route of the front door accepts, 1 to 10000; more are answered 429."
  type        = number
  default     = 50
  nullable    = false

  validation {
    condition     = var.front_door_rate_limit >= 1 && var.front_door_rate_limit <= 10000
    error_message = "front_door_rate_limit must be a number from 1 to 10000 requests a second, such as 50."
  }
}

variable "front_door_burst_limit" {
  description = "Requests that each route of the front door accepts at once, 1 to 5000."
  type        = number
  default     = 100
  nullable    = false

  validation {
    condition     = floor(var.front_door_burst_limit) == var.front_door_burst_limit && var.front_door_burst_limit >= 1 && var.front_door_burst_limit <= 5000
    error_message = "front_door_burst_limit must be a whole number from 1 to 5000 requests, such as 100."
  }
}

variable "page_package_path" {
  description = "Path of the page's zip, which `make package` writes too. Keep it relative, like package_path."
  type        = string
  default     = "build/page.zip"
  nullable    = false
}

variable "runtime" {
  description = "Lambda runtime of the function: python3.11, python3.12, python3.13 or python3.14. The zip must be packaged for the same one. python3.14 needs version 6.20 of the AWS provider: `terraform init -upgrade`."
  type        = string
  default     = "python3.13"
  nullable    = false

  validation {
    condition     = contains(["python3.11", "python3.12", "python3.13", "python3.14"], var.runtime)
    error_message = "runtime must be python3.11, python3.12, python3.13 or python3.14."
  }
}

variable "architecture" {
  description = "Processor architecture of the function, arm64 or x86_64. It must be the one that the zip was packaged for."
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "memory_size" {
  description = "Memory of the function in MB, 128 to 10240. More memory comes with more processor time."
  type        = number
  default     = 256
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size must be a whole number of MB from 128 to 10240, such as 256."
  }
}

variable "timeout" {
  description = "Timeout of an invocation in seconds, 3 to 900. With less than 3, the function could not report a table that hangs."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.timeout >= 3 && var.timeout <= 900 && floor(var.timeout) == var.timeout
    error_message = "timeout must be a whole number of seconds from 3 to 900, such as 10."
  }
}

variable "reserved_concurrency" {
  description = "Invocations that may run at once, reserved from the account's limit: -1 reserves none, 0 stops the function. AWS keeps 100 unreserved, so a new account with a limit of 10 cannot reserve any; see `aws lambda get-account-settings`."
  type        = number
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrency >= -1 && floor(var.reserved_concurrency) == var.reserved_concurrency
    error_message = "reserved_concurrency must be -1 (none reserved), 0 (function stopped) or a whole number such as 20."
  }
}

variable "tracing" {
  description = "X-Ray tracing mode: PassThrough or Active. Active also gives the role X-Ray's two write permissions."
  type        = string
  default     = "PassThrough"
  nullable    = false

  validation {
    condition     = contains(["Active", "PassThrough"], var.tracing)
    error_message = "tracing must be Active or PassThrough."
  }
}

variable "log_level" {
  description = "Minimum level of the function's own log lines: TRACE, DEBUG, INFO, WARN or ERROR. With WARN and ERROR only failures are logged."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level must be TRACE, DEBUG, INFO, WARN or ERROR. FATAL would drop the lines that the alarms count."
  }
}

variable "log_retention_days" {
  description = "Days to keep logs: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, or 0 to keep them forever."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = contains(
      [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days
    )
    error_message = "log_retention_days must be 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, or 0 to keep them forever."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the table and the riders' accounts, so that `terraform destroy` fails: true or false."
  type        = bool
  default     = false
  nullable    = false
}

variable "point_in_time_recovery" {
  description = "Whether the table can be restored to any second of the last 35 days: true or false."
  type        = bool
  default     = true
  nullable    = false
}

variable "allow_origin" {
  description = "Origin of the web pages that may call the function (CORS): * for any, or scheme, host and optional port, without a path."
  type        = string
  default     = "*"
  nullable    = false

  validation {
    condition     = can(regex("^(\\*|https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?)$", var.allow_origin))
    error_message = "allow_origin must be * or one lower-case origin without a path, such as https://rydes.example."
  }
}

variable "fleet" {
  description = "Unicorns to choose from. If each has a home (latitude -90 to 90, longitude -180 to 180), the nearest goes; if none has, one at random. Check the spelling of the attributes: Terraform ignores unknown ones. null is the tutorial's fleet: Bucephalus, Shadowfax and Rocinante, without homes."
  type = list(object({
    name      = string
    color     = string
    gender    = string
    latitude  = optional(number)
    longitude = optional(number)
  }))
  default = null

  validation {
    condition     = var.fleet == null ? true : length(var.fleet) > 0
    error_message = "fleet must have at least one unicorn, such as [{ name = \"Silver\", color = \"Grey\", gender = \"Male\" }], or be null."
  }

  validation {
    condition = alltrue([
      for unicorn in coalesce(var.fleet, []) :
      alltrue([for text in ["name", "color", "gender"] : try(trimspace(unicorn[text]), "") != ""])
    ])
    error_message = "Each unicorn of the fleet must have a name, a color and a gender, such as { name = \"Silver\", color = \"Grey\", gender = \"Male\" }."
  }

  validation {
    condition     = length(distinct([for unicorn in coalesce(var.fleet, []) : try(unicorn.name, null)])) == length(coalesce(var.fleet, []))
    error_message = "Each unicorn of the fleet must have a different name."
  }

  validation {
    condition = length(distinct(flatten([
      for unicorn in coalesce(var.fleet, []) : [try(unicorn.latitude, null) == null, try(unicorn.longitude, null) == null]
    ]))) <= 1
    error_message = "Give every unicorn of the fleet a latitude and a longitude, such as latitude = 47.61 and longitude = -122.33, or give them to none."
  }

  validation {
    condition = alltrue([
      for unicorn in coalesce(var.fleet, []) :
      abs(unicorn.latitude) <= 90 && abs(unicorn.longitude) <= 180 if can(unicorn.latitude + unicorn.longitude)
    ])
    error_message = "A unicorn's home must have a latitude from -90 to 90 and a longitude from -180 to 180, such as 47.61 and -122.33."
  }
}

variable "log_riders" {
  description = "Whether log lines have the rider's name, which may be an e-mail address: true or false."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource, at most 50: keys of 1 to 128 and values of up to 256 letters, digits, spaces and _.:/=+-@; no key starts with aws:, and no two keys that differ only in case."
  type        = map(string)
  default     = { Project = "WildRydes" }
  nullable    = false

  validation {
    condition = (
      length(var.tags) <= 50 &&
      length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags) &&
      alltrue([
        for key, value in var.tags :
        can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,128}$", key)) &&
        can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{0,256}$", value)) &&
        !startswith(lower(key), "aws:")
      ])
    )
    error_message = "tags must be at most 50 pairs of letters, digits, spaces and _.:/=+-@ (key 1 to 128 long, not starting with aws:, unique whatever its case; value up to 256), such as { Project = \"WildRydes\" }."
  }
}

variable "alarm_error_rate_percent" {
  description = "Percentage of the invocations in a minute that may fail, or return 500, before the alarm on either goes off: 0 to less than 100."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.alarm_error_rate_percent >= 0 && var.alarm_error_rate_percent < 100
    error_message = "alarm_error_rate_percent must be from 0 to less than 100, such as 5."
  }
}

variable "alarm_throttles" {
  description = "Invocations that may be throttled in a minute before the alarm goes off: 0 or more."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.alarm_throttles >= 0 && floor(var.alarm_throttles) == var.alarm_throttles
    error_message = "alarm_throttles must be a whole number from 0, such as 10."
  }
}

variable "alarm_duration_share" {
  description = "Share that the p99 duration of a minute may reach before the alarm goes off, of the time after which the function gives up on a table that does not answer (5 seconds, or the timeout if that is less): more than 0, at most 0.5. With more, the function would give up first."
  type        = number
  default     = 0.5
  nullable    = false

  validation {
    condition     = var.alarm_duration_share > 0 && var.alarm_duration_share <= 0.5
    error_message = "alarm_duration_share must be more than 0 and at most 0.5, such as 0.4."
  }
}

variable "alarm_refused_writes" {
  description = "Requests that may return 503 in a minute, because the table did not accept the write, before the alarm goes off: 0 or more."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.alarm_refused_writes >= 0 && floor(var.alarm_refused_writes) == var.alarm_refused_writes
    error_message = "alarm_refused_writes must be a whole number from 0, such as 10."
  }
}

variable "alarm_actions" {
  description = "ARNs of up to 5 SNS topics that are notified when an alarm goes off and when it returns to OK."
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
  description = "Whether to save the dashboard's queries in Logs Insights too: true or false. The local AWS has no saved queries, and the provider would retry for minutes."
  type        = bool
  default     = false
  nullable    = false
}
