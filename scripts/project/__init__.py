"""The checkout (its files, its deployment packages) and the machine. Imports nothing else of this project."""
