"""The one family of errors that a person can put right."""


class UserError(Exception):
    """A verb cannot do its work; the message says what happened, where, and the fix, in a line or two."""
