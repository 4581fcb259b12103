"""A table's contract: column, dtype, unit, meaning; `check` holds a table to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from maillage.core.bad_input import BadInput


@dataclass(frozen=True)
class Column:
    """One column: what it holds and in which unit ("" when it has none).

    least  the smallest value that means something, None when there is no such bound
    """

    name: str
    dtype: type[pl.DataType]
    unit: str
    meaning: str
    nullable: bool = False
    least: float | None = None


@dataclass(frozen=True)
class Schema:
    """The declared shape of a table; `key` columns identify a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """The column names, in their declared order."""
        return [column.name for column in self.columns]


def check(table: pl.DataFrame, schema: Schema, path: Path | None = None) -> pl.DataFrame:
    """The table with exactly the schema's columns and dtypes, or BadInput.

    path  the file that a refusal names; without it, the schema's name
    Raises BadInput `table_missing_column`, `table_empty_value`, `table_negative_value`,
    `table_duplicate_key`.
    """
    name = path.name if path else schema.name
    missing = [column for column in schema.names if column not in table.columns]
    if missing:
        raise BadInput("table_missing_column", table=name, columns=missing)
    typed = table.select(pl.col(c.name).cast(c.dtype) for c in schema.columns)
    for column in schema.columns:
        if not column.nullable and typed[column.name].null_count():
            raise BadInput("table_empty_value", table=name, column=column.name)
        if column.least is not None:
            refuse_below(typed, name, column.name, column.least)
    if schema.key:
        refuse_duplicates(typed, name, schema.key)
    return typed


def refuse_below(table: pl.DataFrame, name: str, column: str, least: float = 0.0) -> None:
    """A count under its least value: BadInput `table_negative_value`."""
    low = table.filter(pl.col(column) < least)
    if not low.is_empty():
        value = f"{low[column][0]:g}"
        raise BadInput("table_negative_value", table=name, column=column, value=value)


def refuse_duplicates(table: pl.DataFrame, name: str, key: Sequence[str]) -> None:
    """Two lines for one key: BadInput `table_duplicate_key`."""
    if table.select(key).is_duplicated().any():
        raise BadInput("table_duplicate_key", table=name, columns=list(key))
