"""Virtual environments and AWS's own parts, installed from the lock files. Standard library only.

Imports project and terminal.
"""
