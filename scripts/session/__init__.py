"""A session on the local AWS: its isolated environment, its deployment, and code that is deployed when it is saved."""
