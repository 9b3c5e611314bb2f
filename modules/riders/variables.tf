variable "name" {
  description = "Name of the user pool; it need not be unique."
  type        = string
}
