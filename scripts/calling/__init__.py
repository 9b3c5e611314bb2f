"""Calls a deployed function, whatever AWS the environment points to. Imports terminal and project."""
