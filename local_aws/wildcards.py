"""Regular expressions for patterns with wildcards, which are fast however many wildcards a pattern has."""

from collections.abc import Sequence


def joined_by_wildcards(runs: Sequence[str], any_character: str = ".") -> str:
    """Return a regular expression that matches `runs`, themselves regular expressions, with any text between them.

    Each run between two wildcards matches at the first place where it can (an atomic group): to try later places would
    not find more matches, and its time would grow exponentially with the number of wildcards.
    """
    if len(runs) == 1:
        return runs[0]
    first, *between, last = runs
    atomic = (f"(?>{any_character}*?{run})" for run in between if run)
    return f"{first}{''.join(atomic)}{any_character}*{last}"
