"""A table's contract: column, dtype, unit, meaning; `check` holds a table to it."""

from dataclasses import dataclass

import polars as pl

from maillage.core.bad_input import BadInput


@dataclass(frozen=True)
class Column:
    """One column: what it holds and in which unit ("" when it has none)."""

    name: str
    dtype: type[pl.DataType]
    unit: str
    meaning: str
    nullable: bool = False


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


def check(table: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """The table with exactly the schema's columns and dtypes, or BadInput.

    Raises BadInput `table_missing_column`, `table_empty_value`, `table_duplicate_key`.
    """
    missing = [name for name in schema.names if name not in table.columns]
    if missing:
        raise BadInput("table_missing_column", table=schema.name, columns=missing)
    typed = table.select(pl.col(c.name).cast(c.dtype) for c in schema.columns)
    for column in schema.columns:
        if not column.nullable and typed[column.name].null_count():
            raise BadInput("table_empty_value", table=schema.name, column=column.name)
    if schema.key and typed.select(schema.key).is_duplicated().any():
        raise BadInput("table_duplicate_key", table=schema.name, columns=list(schema.key))
    return typed
