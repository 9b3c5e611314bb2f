# In a region other than the state's, Terraform finds none of the resources: an apply would create everything again, and a
# destroy would report success and leave everything running. So the state keeps its region, and both stop.
data "aws_region" "current" {}

locals {
  # Provider 6 has region and deprecates name; provider 5 has only name.
  aws_region = data.aws_region.current
  region     = try(local.aws_region.region, local.aws_region.name)

  # A destroy ignores the condition below, but fails on an error in an expression, such as this conversion.
  state_region = (
    terraform_data.region.output == local.region
    ? local.region
    : tobool("This state has a stack in ${terraform_data.region.output}, but the region is now ${local.region}. Set AWS_REGION=${terraform_data.region.output}.")
  )
}

resource "terraform_data" "region" {
  input = local.region

  lifecycle {
    ignore_changes = [input] # keeps the region of the first apply

    postcondition {
      condition     = self.output == local.region
      error_message = "This state has a stack in ${self.output}, but the region is now ${local.region}. Set AWS_REGION=${self.output}. For a copy in ${local.region}, use another state and another role_name."
    }
  }
}
