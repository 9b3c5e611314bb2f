"""Calls a deployed function, in AWS or on a local AWS. Imports terminal, project and local_aws."""
