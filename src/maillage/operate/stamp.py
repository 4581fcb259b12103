"""Whether a demonstration database is already filled, asked without loading the product."""

import psycopg

SEEDED = "demonstration.seed"


def is_seeded(database_url: str, key: str) -> bool:
    """Whether the journal says that this very content was laid."""
    with psycopg.connect(database_url) as connection:
        table = connection.execute("SELECT to_regclass('journal_entry')").fetchone()
        if table == (None,):
            return False
        found = connection.execute(
            "SELECT 1 FROM journal_entry WHERE act = %s AND object_key = %s", [SEEDED, key]
        )
        return found.fetchone() is not None
