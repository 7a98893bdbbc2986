"""Arguments of the Python interface, held against the annotations of the function that is called."""

import math
from collections.abc import Callable, Collection, Mapping
from functools import cache, wraps
from inspect import signature
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from planmodel.errors import Fault, quoted, refuse
from planmodel.words import Phrase, Text, group

Given = ParamSpec("Given")
Made = TypeVar("Made")
NUMBERS: Mapping[Any, Any] = {int: Integral, float: Real}


def is_number(value: object) -> bool:
    """Return True for a finite number, NumPy's or Python's own; true and false are none, nor a whole number beyond all bounds.

    >>> is_number(1), is_number(True), is_number(float("nan")), is_number(10**400)
    (True, False, False, False)
    """
    try:
        return type(value) is not bool and isinstance(value, Real) and math.isfinite(value)
    except OverflowError:
        return False


def checked(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Return a function of the Python interface that refuses arguments of another kind than its annotations say, all at once.

    NumPy's numbers are numbers, True is none, and neither is what is not finite; a list may stand for a tuple.

    >>> @checked
    ... def twice(value: float, name: str = "") -> float:
    ...     return 2 * value
    >>> twice(2), twice("2")
    Traceback (most recent call last):
    planmodel.errors.PlanmodelError: value: expected a number, found '2'.
    """
    parameters, hints = signature(function), cache(lambda: get_type_hints(function))

    @wraps(function)
    def careful(*args: Given.args, **given: Given.kwargs) -> Made:
        kinds, named = hints(), parameters.bind(*args, **given).arguments
        faults = [
            Fault(name, _kind_named(kinds[name]), quoted(value))
            for name, value in named.items()
            if name in kinds and not _is_of(value, kinds[name])
        ]
        refuse(faults)
        return function(*args, **given)

    return careful


def _is_of(value: Any, kind: Any) -> bool:
    """Return whether a value is of the kind that an annotation says; of what several hold, each of them."""
    made, parts = get_origin(kind) or kind, get_args(kind)
    if made in (Union, UnionType):
        return any(_is_of(value, part) for part in parts)
    if made in NUMBERS:
        return isinstance(value, NUMBERS[made]) and is_number(value)
    if not parts or made is Callable:
        return made is Any or isinstance(value, made)
    if issubclass(made, Mapping):
        return isinstance(value, made) and all(all(map(_is_of, pair, parts)) for pair in value.items())
    if isinstance(value, str | bytes) or not isinstance(value, (made, list)):
        return False
    each = parts[: -1 if parts[-1] is ... else None]
    if len(each) > 1:
        return len(value) == len(each) and all(map(_is_of, value, each))
    return not isinstance(value, Collection) or all(_is_of(one, each[0]) for one in value)


def _kind_named(kind: Any) -> Text:
    """Return what a message calls the kind that an annotation says."""
    made, parts = get_origin(kind) or kind, [part for part in get_args(kind) if part not in (NoneType, ...)]
    if made in (Union, UnionType):
        return Phrase("errors.kinds.either", kinds=[_kind_named(part) for part in parts])
    if parts and made is not Callable:
        held = "pairs" if issubclass(made, Mapping) else "several"
        return Phrase(f"errors.kinds.{held}", kinds=[_kind_named(part) for part in parts])
    known = group("errors.kinds.")
    return Phrase(f"errors.kinds.{made.__name__ if made.__name__ in known else 'other'}", name=made.__name__)
