"""What every other package may know of this checkout: where its files are. Imports nothing else of this project."""
