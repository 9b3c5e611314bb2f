"""The base class of errors that a person can fix."""


class UserError(Exception):
    """A command cannot do its work; the message says what happened, where, and the fix, in a line or two."""
