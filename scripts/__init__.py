"""The verbs a person runs, one file each; every folder here is a room of what they are made of."""
