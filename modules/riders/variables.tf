# The root module has the defaults, so that none is written twice.

variable "name" {
  description = "Name of the user pool; it need not be unique."
  type        = string
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the user pool with its accounts: true or false."
  type        = bool
}
