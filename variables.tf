variable "function_name" {
  description = "Name of the function and the end of its log group's name: 1 to 64 letters, digits, hyphens and underscores."
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
  description = "Name of the function's execution role: 1 to 64 letters, digits and _+=,.@-."
  type        = string
  default     = "WildRydesLambda"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "role_name must be 1 to 64 letters, digits and _+=,.@-, such as WildRydesLambda."
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
  description = "Path of the zip that `make package` writes. A relative path keeps plans the same in every checkout, since Terraform's state records it."
  type        = string
  default     = "build/function.zip"
  nullable    = false
}

variable "architecture" {
  description = "Processor architecture of the function: arm64 or x86_64. The zip must have been packaged for the same one."
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "memory_size" {
  description = "Memory of the function in MB, 128 to 10240. Its share of a processor grows with it."
  type        = number
  default     = 256
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size must be a whole number of MB from 128 to 10240, such as 256."
  }
}

variable "timeout" {
  description = "Seconds after which Lambda stops an invocation, 3 to 900: in less, a table that hangs could not be told."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.timeout >= 3 && var.timeout <= 900 && floor(var.timeout) == var.timeout
    error_message = "timeout must be a whole number of seconds from 3 to 900, such as 10."
  }
}

variable "reserved_concurrency" {
  description = "Invocations that may run at once, taken out of the account's limit: -1 reserves none, 0 stops the function."
  type        = number
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrency >= -1 && floor(var.reserved_concurrency) == var.reserved_concurrency
    error_message = "reserved_concurrency must be -1 (none reserved), 0 (function stopped) or a whole number such as 20."
  }
}

variable "tracing" {
  description = "X-Ray tracing: PassThrough, or Active, which also lets the role send traces."
  type        = string
  default     = "PassThrough"
  nullable    = false

  validation {
    condition     = contains(["Active", "PassThrough"], var.tracing)
    error_message = "tracing must be Active or PassThrough."
  }
}

variable "log_level" {
  description = "Least severe level of the function's own log lines that is kept: TRACE, DEBUG, INFO, WARN or ERROR. Above INFO only failures leave a line."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level must be TRACE, DEBUG, INFO, WARN or ERROR: FATAL would drop the lines that the alarms count."
  }
}

variable "log_retention_days" {
  description = "Days for which logs are kept: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, or 0 for ever."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = contains(
      [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days
    )
    error_message = "log_retention_days must be 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, or 0 for ever."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the table, so that `terraform destroy` stops: true or false."
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
  description = "Origin that browsers may call from: * for any, or scheme, host and optional port, without a path."
  type        = string
  default     = "*"
  nullable    = false

  validation {
    condition     = can(regex("^(\\*|https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?)$", var.allow_origin))
    error_message = "allow_origin must be * or one lower-case origin without a path, such as https://rydes.example."
  }
}

variable "fleet" {
  description = "Unicorns to send. With a home each (latitude -90 to 90, longitude -180 to 180), the nearest goes; with none, any. Terraform drops an attribute that is misspelt. null is the tutorial's fleet: Bucephalus, Shadowfax and Rocinante, without homes."
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
    error_message = "fleet must have a unicorn, such as [{ name = \"Silver\", color = \"Grey\", gender = \"Male\" }], or be null."
  }

  validation {
    condition = alltrue([
      for unicorn in coalesce(var.fleet, []) :
      alltrue([for text in ["name", "color", "gender"] : try(trimspace(unicorn[text]), "") != ""])
    ])
    error_message = "Each unicorn of the fleet needs a name, a color and a gender, such as { name = \"Silver\", color = \"Grey\", gender = \"Male\" }."
  }

  validation {
    condition     = length(distinct([for unicorn in coalesce(var.fleet, []) : try(unicorn.name, null)])) == length(coalesce(var.fleet, []))
    error_message = "Each unicorn of the fleet needs a name of its own: one is there twice."
  }

  validation {
    condition = length(distinct(flatten([
      for unicorn in coalesce(var.fleet, []) : [try(unicorn.latitude, null) == null, try(unicorn.longitude, null) == null]
    ]))) <= 1
    error_message = "Give every unicorn of the fleet both a latitude and a longitude, such as latitude = 47.61 and longitude = -122.33, or none any."
  }

  validation {
    condition = alltrue([
      for unicorn in coalesce(var.fleet, []) :
      abs(try(coalesce(unicorn.latitude), 0)) <= 90 && abs(try(coalesce(unicorn.longitude), 0)) <= 180
    ])
    error_message = "A unicorn's home must have a latitude from -90 to 90 and a longitude from -180 to 180, such as 47.61 and -122.33."
  }
}

variable "log_riders" {
  description = "Whether log lines name the rider, who may be an e-mail address: true or false."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource, at most 50: keys of 1 to 128 and values of up to 256 letters, digits, spaces and _.:/=+-@; no key starts with aws:, and no two differ only in case."
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
