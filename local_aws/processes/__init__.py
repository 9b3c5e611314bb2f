"""Processes and folders that never outlive whoever asked for them. Imports nothing of ours."""
