"""The error of an invalid filter pattern."""


class PatternError(ValueError):
    """The pattern is not valid; the message is the reason, preceded by the pattern if `pattern.parse` raised it."""
