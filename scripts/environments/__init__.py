"""Virtual environments and AWS's own parts, installed from the lock files. Standard library only.

Imports deployment_package, project and terminal, and local_aws, which finds the machine's Pythons.
"""
