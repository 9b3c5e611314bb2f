"""The one family of errors that whoever starts the local AWS can put right."""


class LocalAwsError(Exception):
    """The local AWS cannot start or has ended; the message says what happened, where, and the fix."""
