from django.db import migrations

REFUSE = """
CREATE FUNCTION tariffs_voted_list_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'voted' AND (
        TG_OP = 'DELETE'
        OR (to_jsonb(NEW) - 'ends_on') IS DISTINCT FROM (to_jsonb(OLD) - 'ends_on')
    ) THEN
        RAISE EXCEPTION 'a voted list never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION tariffs_voted_price_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.price_list_id ELSE OLD.price_list_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM tariffs_pricelist WHERE id = of AND state = 'voted') THEN
        RAISE EXCEPTION 'a voted price never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_voted_list_never_changes BEFORE UPDATE OR DELETE ON tariffs_pricelist
    FOR EACH ROW EXECUTE FUNCTION tariffs_voted_list_is_closed();
CREATE TRIGGER a_voted_price_never_changes BEFORE INSERT OR UPDATE OR DELETE ON tariffs_price
    FOR EACH ROW EXECUTE FUNCTION tariffs_voted_price_is_closed();
"""
ALLOW = """
DROP TRIGGER a_voted_price_never_changes ON tariffs_price;
DROP TRIGGER a_voted_list_never_changes ON tariffs_pricelist;
DROP FUNCTION tariffs_voted_price_is_closed();
DROP FUNCTION tariffs_voted_list_is_closed();
"""


class Migration(migrations.Migration):
    """What was voted stays as it was voted, whoever asks; only the day it ends is written later."""

    dependencies = [("tariffs", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
