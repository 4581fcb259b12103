from django.db import migrations

REFUSE = """
CREATE FUNCTION accounts_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an archive never changes' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER accounts_archive_never_changes BEFORE UPDATE OR DELETE ON accounts_archive
FOR EACH ROW EXECUTE FUNCTION accounts_is_append_only();
CREATE TRIGGER accounts_archive_is_never_emptied BEFORE TRUNCATE ON accounts_archive
FOR EACH STATEMENT EXECUTE FUNCTION accounts_is_append_only();
"""
ALLOW = """
DROP TRIGGER accounts_archive_never_changes ON accounts_archive;
DROP TRIGGER accounts_archive_is_never_emptied ON accounts_archive;
DROP FUNCTION accounts_is_append_only();
"""


class Migration(migrations.Migration):
    """An archive is never changed nor removed."""

    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
