"""Functions compiled to machine code, kept on disk between two processes where one may write."""

from collections.abc import Callable
from typing import Any

import numba

# a minimum over numbers that are never "not a number" may be taken several at a time
_ANY_ORDER = frozenset({"nnan", "nsz", "reassoc"})
_AS_WRITTEN: frozenset[str] = frozenset()


def compiled[Function: Callable[..., Any]](function: Function) -> Function:
    """Compile a function of arrays at its first call."""
    return _compile(function, fastmath=_AS_WRITTEN)


def compiled_fast[Function: Callable[..., Any]](function: Function) -> Function:
    """The same where sums may be taken in any order and no value is "not a number"."""
    return _compile(function, fastmath=_ANY_ORDER)


def _compile[Function: Callable[..., Any]](
    function: Function, fastmath: frozenset[str]
) -> Function:
    try:
        found = numba.njit(cache=True, nogil=True, fastmath=set(fastmath))(function)
    except RuntimeError:
        # no folder to keep it in: each process compiles for itself
        found = numba.njit(nogil=True, fastmath=set(fastmath))(function)
    return found  # type: ignore[return-value]
