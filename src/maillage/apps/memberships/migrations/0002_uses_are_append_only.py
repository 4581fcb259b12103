from django.db import migrations

REFUSE = """
CREATE FUNCTION memberships_uses_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'uses are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER a_use_never_changes BEFORE UPDATE OR DELETE ON memberships_use
    FOR EACH ROW EXECUTE FUNCTION memberships_uses_are_append_only();
"""
ALLOW = """
DROP TRIGGER a_use_never_changes ON memberships_use;
DROP FUNCTION memberships_uses_are_append_only();
"""


class Migration(migrations.Migration):
    """A use is never changed nor removed: it is given back by another one."""

    dependencies = [("memberships", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
