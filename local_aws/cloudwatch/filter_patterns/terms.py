"""Patterns of terms, `ERROR -"exit code" ?WARN`, and of one regular expression, `%AUTH.*%`."""

import re

from local_aws.cloudwatch.filter_patterns.comparison import is_regex, regex
from local_aws.cloudwatch.filter_patterns.errors import PatternError
from local_aws.cloudwatch.filter_patterns.logic import Predicate

_TERM = re.compile(r'([?-]?)(?:"([^"]*)"|([^\s"]+))(?:\s+|$)')


def parse_terms(pattern: str) -> Predicate:
    """Parse terms: an event must have all terms without a sign, and none with `-`.

    Terms with `?` count only if there are no others; one of them is then enough. A blank term in quotation marks
    matches all events. Raises PatternError.
    """
    if pattern.startswith("%"):
        return _regular_expression(pattern)
    if "".join(match[0] for match in _TERM.finditer(pattern)) != pattern:
        raise PatternError("a quotation mark is not closed")
    terms = [(sign, quoted or word) for sign, quoted, word in _TERM.findall(pattern)]
    required = [term for sign, term in terms if not sign and term.strip()]
    excluded = [term for sign, term in terms if sign == "-"]
    optional = [term for sign, term in terms if sign == "?"]
    if optional and not required and not excluded:
        return lambda line: any(term in line.text for term in optional)
    return lambda line: (
        all(term in line.text for term in required)
        and not any(term in line.text for term in excluded)
    )


def _regular_expression(pattern: str) -> Predicate:
    if not is_regex(pattern):
        raise PatternError("a regular expression starts and ends with %")
    expression = regex(pattern[1:-1])
    return lambda line: expression.search(line.text) is not None
