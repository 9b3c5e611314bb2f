"""Metric math: expressions over time series ("Using math expressions with CloudWatch metrics").

It supports all operators, and the functions that alarms and dashboards need; for others, an error lists these.
"""

import ast
import functools
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from local_aws import syntax_trees
from local_aws.cloudwatch.metrics import Points
from local_aws.cloudwatch.time_ranges import TimeRange


class ExpressionError(ValueError):
    """The expression cannot be computed; the message says why."""


@dataclass(frozen=True)
class TimeSeries:
    """Values by the start of their period (Unix seconds); there are none for periods without data."""

    points: Points
    period: int


Value = float | TimeSeries | list[TimeSeries]

_BINARY: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.And: lambda left, right: bool(left) and bool(right),
    ast.Or: lambda left, right: bool(left) or bool(right),
}
# With these replacements, metric math is valid Python syntax.
_WORD = re.compile(r'"[^"]*"|&&|\|\||\^|\bAND\b|\bOR\b')
_PYTHON = {"&&": " and ", "||": " or ", "^": "**", "AND": "and", "OR": "or"}
_EACH: dict[str, Callable[[float], float]] = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}
_ALL: dict[str, Callable[[Sequence[float]], float]] = {"MAX": max, "MIN": min, "SUM": math.fsum}
FUNCTIONS = (*_EACH, *_ALL, "AVG", "FILL", "IF", "METRICS", "PERIOD")


class Calculator:
    """Computes expressions over a time range.

    `lookup` returns the value of a query by its id, or raises KeyError; `metrics` are the queries of metrics by id.
    """

    def __init__(
        self,
        lookup: Callable[[str], Value],
        metrics: Mapping[str, TimeSeries],
        time_range: TimeRange,
    ) -> None:
        self._lookup = lookup
        self._metrics = metrics
        self._range = time_range

    def compute(self, expression: str) -> Value:
        """Return the expression's time series, or array of time series. Raises ExpressionError."""
        try:
            value = self._value(parse(expression))
        except RecursionError as error:
            raise ExpressionError(f"{expression!r} has too many operations.") from error
        if isinstance(value, float):
            raise ExpressionError(f"{expression!r} yields a single number, not a time series.")
        return value

    def _value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return float(number)
            case ast.Name(id=name):
                try:
                    return self._lookup(name)
                except KeyError:
                    raise ExpressionError(f"There is no query with the id {name!r}.") from None
            case ast.List(elts=elements):
                return [series for element in elements for series in array(self._value(element))]
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return self._call(function, arguments)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _each(operator.neg, self._value(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return self._operate(op, left, right)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._operate(op, left, right)
            case ast.BoolOp(op=op, values=operands):
                return self._operate(op, *operands)
        raise ExpressionError(f"The local CloudWatch cannot compute {ast.unparse(node)!r}.")

    def _operate(self, op: ast.AST, *operands: ast.expr) -> Value:
        if type(op) not in _BINARY:
            raise ExpressionError(f"The local CloudWatch has no operator {type(op).__name__}.")
        values = [self._value(operand) for operand in operands]
        return functools.reduce(functools.partial(_combine, _BINARY[type(op)]), values)

    def _call(self, function: str, arguments: list[ast.expr]) -> Value:
        match function, arguments:
            case "METRICS", []:
                return list(self._metrics.values())
            case "METRICS", [ast.Constant(value=str() as part)]:
                return [series for name, series in self._metrics.items() if part in name]
            case "FILL", [series, filler]:
                return self._fill(self._value(series), filler)
            case "IF", [condition, then, *otherwise] if len(otherwise) < 2:
                return _choose(
                    self._value(condition), self._value(then), [self._value(o) for o in otherwise]
                )
            case "PERIOD", [series]:
                return float(_one(self._value(series)).period)
            case "AVG", [series]:
                return _average(self._value(series))
            case name, [series] if name in _EACH:
                return _each(_EACH[name], self._value(series))
            case name, [series] if name in _ALL:
                return _aggregate(_ALL[name], self._value(series))
        raise ExpressionError(
            f"The local CloudWatch has no {function} of {len(arguments)} arguments; it has {', '.join(FUNCTIONS)}."
        )

    def _fill(self, value: Value, filler: ast.expr) -> Value:
        if isinstance(value, list):
            return [_one(self._fill(series, filler)) for series in value]
        series = _one(value)
        repeats = isinstance(filler, ast.Name) and filler.id == "REPEAT"
        others = None if repeats else self._value(filler)
        points: Points = {}
        last: float | None = None
        for at in self._range.periods(series.period):
            last = series.points.get(at, last if others is None else _at(others, at))
            if last is not None:
                points[at] = last
        return TimeSeries(points, series.period)


def parse(expression: str) -> ast.expr:
    """Return the expression's syntax tree as one of Python. Raises ExpressionError."""
    python = _WORD.sub(lambda word: _PYTHON.get(word[0], word[0]), expression).strip()
    try:
        with syntax_trees.LOCK:
            return ast.parse(python, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"{expression!r} is not valid metric math: {error}.") from error


def array(value: Value) -> list[TimeSeries]:
    """Return an array as it is, and a time series as an array of one. Raises ExpressionError for a number."""
    return value if isinstance(value, list) else [_one(value)]


def _each(function: Callable[[float], float], value: Value) -> Value:
    if isinstance(value, list):
        return [_one(_each(function, series)) for series in value]
    if isinstance(value, TimeSeries):
        return TimeSeries({at: float(function(v)) for at, v in value.points.items()}, value.period)
    return float(function(value))


def _combine(function: Callable[[float, float], float], left: Value, right: Value) -> Value:
    """Apply an operator point by point: a missing value counts as 0, a division by zero yields no point."""
    if isinstance(left, list):
        return [_one(_combine(function, series, right)) for series in left]
    if isinstance(right, list):
        return [_one(_combine(function, left, series)) for series in right]
    if isinstance(left, float) and isinstance(right, float):
        result = _apply(function, left, right)
        return math.nan if result is None else result
    series = [value for value in (left, right) if isinstance(value, TimeSeries)]
    results = {
        at: _apply(function, _at(left, at) or 0.0, _at(right, at) or 0.0) for at in _times(series)
    }
    return TimeSeries(
        {at: result for at, result in results.items() if result is not None}, _period(series)
    )


def _apply(function: Callable[[float, float], float], left: float, right: float) -> float | None:
    try:
        result = float(function(left, right))
    # The root of a negative number is complex, which is a TypeError.
    except (ZeroDivisionError, OverflowError, TypeError):
        return None
    return None if math.isnan(result) else result


def _aggregate(function: Callable[[Sequence[float]], float], value: Value) -> Value:
    """Reduce a time series to a number (NaN if it has no values), or an array to one time series."""
    if isinstance(value, list):
        points = {
            at: function([series.points[at] for series in value if at in series.points])
            for at in _times(value)
        }
        return TimeSeries(points, _period(value))
    values = list(_one(value).points.values())
    return float(function(values)) if values else math.nan


def _average(value: Value) -> Value:
    """Average a time series, or an array point by point; a missing value counts as 0."""
    total = _aggregate(math.fsum, value)
    if isinstance(value, list):
        return _combine(operator.truediv, total, float(len(value)))
    return _combine(operator.truediv, total, float(len(_one(value).points)))


def _choose(condition: Value, then: Value, otherwise: list[Value]) -> Value:
    """Compute IF: where the condition is true, a missing value is 0; where it is false, there is none."""
    if isinstance(condition, float):
        chosen = then if condition else next(iter(otherwise), None)
        return chosen if chosen is not None else TimeSeries({}, _one(then).period)
    tests = _one(condition)
    points: Points = {}
    for at, test in tests.points.items():
        value = (_at(then, at) or 0.0) if test else next((_at(o, at) for o in otherwise), None)
        if value is not None:
            points[at] = value
    return TimeSeries(points, tests.period)


def _at(value: Value, at: int) -> float | None:
    return value if isinstance(value, float) else _one(value).points.get(at)


def _one(value: Value) -> TimeSeries:
    if isinstance(value, TimeSeries):
        return value
    kind = "an array" if isinstance(value, list) else "a number"
    raise ExpressionError(f"Expected a time series, not {kind}.")


def _times(series: Sequence[TimeSeries]) -> list[int]:
    return sorted({at for one in series for at in one.points})


def _period(series: Sequence[TimeSeries]) -> int:
    if not series:
        raise ExpressionError("The array has no time series.")
    return max(one.period for one in series)
