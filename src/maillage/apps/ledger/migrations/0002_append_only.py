from django.db import migrations

TABLES = ("ledger_charge", "ledger_credit", "ledger_payment")
FUNCTION = """
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
REFUSE = FUNCTION + "".join(
    f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON {table} "
    f"FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();"
    f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
    f"FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();"
    for table in TABLES
)
ALLOW = (
    "".join(
        f"DROP TRIGGER {table}_never_changes ON {table};"
        f"DROP TRIGGER {table}_is_never_emptied ON {table};"
        for table in TABLES
    )
    + "DROP FUNCTION ledger_is_append_only();"
)


class Migration(migrations.Migration):
    """A line of the ledger is never changed nor removed, whoever asks."""

    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
