terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

# Region, credentials and endpoint come from the environment, so that the same code deploys to AWS and to the local AWS.
provider "aws" {
  default_tags {
    tags = var.tags
  }
}
