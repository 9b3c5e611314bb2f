"""A session on the local AWS: its environment, and the function's code as it is saved."""
