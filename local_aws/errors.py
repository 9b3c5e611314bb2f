"""The base class of the errors that a user of the local AWS can fix."""


class LocalAwsError(Exception):
    """The local AWS cannot start or has ended; the message says what happened, where, and what to do."""
