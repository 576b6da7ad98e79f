-- Isolate districts on every table of one schema and grant the service role what it needs. Run after migrations, again and again.
-- $SCHEMA and $ROLE are replaced by quoted identifiers. A table without a district column stops the migration.
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
                 SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = CASE c.relname WHEN 'log_head' THEN 'list_districts' ELSE 'own_district' END
             ) AS is_protected
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = '$SCHEMA' AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('schema_migrations', 'read_model')
    LOOP
        -- Another process may be serving: these lock the whole table, and with several tables that is a deadlock.
        IF NOT t.is_protected THEN
            EXECUTE format('ALTER TABLE $SCHEMA.%I ENABLE ROW LEVEL SECURITY', t.name);
            EXECUTE format('ALTER TABLE $SCHEMA.%I FORCE ROW LEVEL SECURITY', t.name);
            EXECUTE format('DROP POLICY IF EXISTS own_district ON $SCHEMA.%I', t.name);
            EXECUTE format($policy$CREATE POLICY own_district ON $SCHEMA.%I
                USING (district = current_setting('guangcai.district', true)) WITH CHECK (district = current_setting('guangcai.district', true))$policy$, t.name);
        END IF;
        IF t.name = 'events' THEN
            EXECUTE format('GRANT SELECT, INSERT ON $SCHEMA.%I TO $ROLE', t.name);
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON $SCHEMA.%I FROM $ROLE', t.name);
        ELSE
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON $SCHEMA.%I TO $ROLE', t.name);
        END IF;
        IF t.name = 'log_head' AND NOT t.is_protected THEN
            EXECUTE format('DROP POLICY IF EXISTS list_districts ON $SCHEMA.%I', t.name);
            EXECUTE format($policy$CREATE POLICY list_districts ON $SCHEMA.%I FOR SELECT USING (current_setting('guangcai.district', true) = '*')$policy$, t.name);
        END IF;
    END LOOP;
END $$;
GRANT USAGE ON SCHEMA $SCHEMA TO $ROLE;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA $SCHEMA TO $ROLE;
