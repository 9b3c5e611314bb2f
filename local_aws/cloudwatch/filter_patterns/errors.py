"""What is wrong with a filter pattern."""


class PatternError(ValueError):
    """The pattern is not valid; the message has the reason, and the pattern if `pattern.parse` raised it."""
