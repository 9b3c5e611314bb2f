"""Lambda's control plane: a function for each operation, on plain data.

`operations` lists them by name, and `functions.lambda_api` calls them: `model` reads requests and writes answers, and
`validation` checks parameters, both with the service model that botocore ships. `store` is the state of an account in a
region, and `version` that of versions of functions and layers.
"""
