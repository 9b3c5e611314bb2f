# The root module validates values and has the defaults, so that neither is written twice.

variable "table_name" {
  description = "Name of the table."
  type        = string
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the table: true or false."
  type        = bool
}

variable "point_in_time_recovery" {
  description = "Whether the table can be restored to any second of the last 35 days: true or false."
  type        = bool
}
