from django.db import migrations

# told at the end of the transaction: shares change one by one before they make the whole
FUNCTION = """
CREATE FUNCTION sites_held_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    subject bigint;
    bodies bigint;
    parts bigint;
BEGIN
    IF TG_TABLE_NAME = 'sites_site' THEN
        subject := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        subject := OLD.site_id;
    ELSE
        subject := NEW.site_id;
    END IF;
    PERFORM 1 FROM sites_site WHERE id = subject AND governance = 'co_managed';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT count(*), coalesce(sum(share_bp), 0) INTO bodies, parts
        FROM sites_siteholder WHERE site_id = subject;
    IF bodies < 2 OR parts <> 10000 THEN
        RAISE EXCEPTION 'site % is co-managed by % bodies for % of 10000', subject, bodies, parts
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_co_managed_site_is_held_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER a_co_managed_site_is_held_whole
    AFTER INSERT OR UPDATE OF governance ON sites_site
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sites_held_whole();
CREATE CONSTRAINT TRIGGER holders_make_the_whole
    AFTER INSERT OR UPDATE OR DELETE ON sites_siteholder
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sites_held_whole();
"""
BACK = """
DROP TRIGGER a_co_managed_site_is_held_whole ON sites_site;
DROP TRIGGER holders_make_the_whole ON sites_siteholder;
DROP FUNCTION sites_held_whole();
"""


class Migration(migrations.Migration):
    """A co-managed site has at least two holders, whose shares make the whole."""

    dependencies = [("sites", "0002_holders_targets_and_pictures")]
    operations = [migrations.RunSQL(FUNCTION, BACK)]
