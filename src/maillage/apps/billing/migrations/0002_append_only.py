from django.db import migrations

TABLES = (
    "billing_document",
    "billing_documentline",
    "billing_documenttax",
    "billing_invoicedcharge",
    "billing_closedmonth",
)
FUNCTION = """
CREATE FUNCTION billing_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was issued never changes' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
REFUSE = FUNCTION + "".join(
    f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON {table} "
    f"FOR EACH ROW EXECUTE FUNCTION billing_is_append_only();"
    f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
    f"FOR EACH STATEMENT EXECUTE FUNCTION billing_is_append_only();"
    for table in TABLES
)
ALLOW = (
    "".join(
        f"DROP TRIGGER {table}_never_changes ON {table};"
        f"DROP TRIGGER {table}_is_never_emptied ON {table};"
        for table in TABLES
    )
    + "DROP FUNCTION billing_is_append_only();"
)


class Migration(migrations.Migration):
    """What was issued is never changed nor removed: it is credited."""

    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
