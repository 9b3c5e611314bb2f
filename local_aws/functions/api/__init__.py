"""Lambda's control plane: one function an operation, over plain data.

`service` routes a request to its operation and writes the answer; `model` and `validation` do both from the service
model that botocore ships; `store` is the state of an account in a region.
"""
