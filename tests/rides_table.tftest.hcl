mock_provider "aws" {}

variables {
  table_name             = "Rides"
  deletion_protection    = true
  point_in_time_recovery = false
}

run "table_is_on_demand_and_keyed_by_ride" {
  command = plan

  module {
    source = "./modules/rides_table"
  }

  assert {
    condition = (
      aws_dynamodb_table.this.name == "Rides" &&
      aws_dynamodb_table.this.billing_mode == "PAY_PER_REQUEST" &&
      aws_dynamodb_table.this.hash_key == "RideId" &&
      aws_dynamodb_table.this.range_key == null
    )
    error_message = "The table is not on demand with the key RideId alone."
  }

  assert {
    condition     = [for a in aws_dynamodb_table.this.attribute : "${a.name} ${a.type}"] == ["RideId S"]
    error_message = "RideId is not a string, or another attribute is declared."
  }

  assert {
    condition     = aws_dynamodb_table.this.server_side_encryption[0].enabled
    error_message = "The table is not encrypted with the account's key."
  }
}

run "protections_follow_their_variables" {
  command = plan

  module {
    source = "./modules/rides_table"
  }

  assert {
    condition = (
      aws_dynamodb_table.this.deletion_protection_enabled &&
      !aws_dynamodb_table.this.point_in_time_recovery[0].enabled
    )
    error_message = "deletion_protection = true or point_in_time_recovery = false had no effect."
  }
}

run "protections_follow_the_opposite_values_too" {
  command = plan

  module {
    source = "./modules/rides_table"
  }

  variables {
    deletion_protection    = false
    point_in_time_recovery = true
  }

  assert {
    condition = (
      !aws_dynamodb_table.this.deletion_protection_enabled &&
      aws_dynamodb_table.this.point_in_time_recovery[0].enabled
    )
    error_message = "deletion_protection = false or point_in_time_recovery = true had no effect."
  }
}
