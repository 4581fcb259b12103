from django.db import migrations

# a stored document may go once its time is over, never change; the others do neither
UNCHANGED = (
    "contracts_event",
    "contracts_depositmovement",
    "contracts_houserules",
    "contracts_wording",
    "contracts_paper",
)
KEPT = tuple(table for table in UNCHANGED if table != "contracts_paper")
FUNCTION = """
CREATE FUNCTION contracts_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was agreed is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
REFUSE = (
    FUNCTION
    + "".join(
        f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION contracts_are_append_only();"
        for table in UNCHANGED
    )
    + "".join(
        f"CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION contracts_are_append_only();"
        f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION contracts_are_append_only();"
        for table in KEPT
    )
)
ALLOW = (
    "".join(f"DROP TRIGGER {table}_never_changes ON {table};" for table in UNCHANGED)
    + "".join(
        f"DROP TRIGGER {table}_never_goes ON {table};"
        f"DROP TRIGGER {table}_is_never_emptied ON {table};"
        for table in KEPT
    )
    + "DROP FUNCTION contracts_are_append_only();"
)


class Migration(migrations.Migration):
    """Events, movements of deposits, articles, house rules and documents never change."""

    dependencies = [("contracts", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
