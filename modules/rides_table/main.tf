resource "aws_dynamodb_table" "this" {
  # checkov:skip=CKV_AWS_119: encrypted with the account's aws/dynamodb key (see below); a customer managed key has a monthly price

  name                        = var.table_name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "RideId"
  deletion_protection_enabled = var.deletion_protection

  attribute {
    name = "RideId"
    type = "S"
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }

  # Every table is encrypted. This selects the account's aws/dynamodb key instead of one that AWS owns: its use shows in
  # CloudTrail, and writers need no permission for it.
  server_side_encryption {
    enabled = true
  }
}
