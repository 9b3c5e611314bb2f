"""Processes and folders that never outlive the process that requested them. Imports nothing of ours."""
