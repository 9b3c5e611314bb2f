"""What every other room may know of this checkout: where its files are. Imports nothing of ours."""
