"""Runs Terraform on this configuration in a folder of its own, against the local AWS."""
