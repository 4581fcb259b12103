from django.db import migrations

TABLES = (
    "collecting_receipt",
    "collecting_allocation",
    "collecting_tillclosing",
    "collecting_tilldeposit",
    "collecting_decision",
    "collecting_providerevent",
)
FUNCTION = """
CREATE FUNCTION collecting_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'money received is reversed, never changed'
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
REFUSE = FUNCTION + "".join(
    f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON {table} "
    f"FOR EACH ROW EXECUTE FUNCTION collecting_is_append_only();"
    f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
    f"FOR EACH STATEMENT EXECUTE FUNCTION collecting_is_append_only();"
    for table in TABLES
)
ALLOW = (
    "".join(
        f"DROP TRIGGER {table}_never_changes ON {table};"
        f"DROP TRIGGER {table}_is_never_emptied ON {table};"
        for table in TABLES
    )
    + "DROP FUNCTION collecting_is_append_only();"
)


class Migration(migrations.Migration):
    """A receipt is never edited: it is reversed."""

    dependencies = [("collecting", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
