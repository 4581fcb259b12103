from django.db import migrations

TABLES = (
    "settlement_hoststatement",
    "settlement_hostcharge",
    "settlement_pairsettlement",
    "settlement_pairline",
    "settlement_settleduse",
    "settlement_coststatement",
    "settlement_costline",
    "settlement_costpart",
    "settlement_costtransfer",
    "settlement_chargedtransfer",
)
FUNCTION = """
CREATE FUNCTION settlement_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was settled never changes' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
REFUSE = FUNCTION + "".join(
    f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON {table} "
    f"FOR EACH ROW EXECUTE FUNCTION settlement_is_append_only();"
    f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
    f"FOR EACH STATEMENT EXECUTE FUNCTION settlement_is_append_only();"
    for table in TABLES
)
ALLOW = (
    "".join(
        f"DROP TRIGGER {table}_never_changes ON {table};"
        f"DROP TRIGGER {table}_is_never_emptied ON {table};"
        for table in TABLES
    )
    + "DROP FUNCTION settlement_is_append_only();"
)


class Migration(migrations.Migration):
    """A statement, a settled month and their lines are never changed nor removed."""

    dependencies = [("settlement", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
