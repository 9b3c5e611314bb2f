"""Installs virtual environments and AWS's own parts from the lock files. Standard library only.

Imports deployment_package, project and terminal, and local_aws, which finds the machine's Pythons.
"""
