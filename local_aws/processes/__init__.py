"""Processes and folders that never outlive the process that started or created them."""
