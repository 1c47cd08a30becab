-- The two database roles (architecture.md, decision 7), the extensions, and what the runtime role may do.
-- Idempotent. Run as a superuser in template1 (embedded servers) or in the database itself (production);
-- passwords are set there by hand: ALTER ROLE linli_app PASSWORD '…'.
-- Runtime code logs in as linli_app: it owns nothing, so what a migration revokes from it stays revoked.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'linli_owner') THEN
        CREATE ROLE linli_owner LOGIN CREATEDB;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'linli_app') THEN
        CREATE ROLE linli_app LOGIN;
    END IF;
END
$$;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

GRANT USAGE, CREATE ON SCHEMA public TO linli_owner;
GRANT USAGE ON SCHEMA public TO linli_app;
ALTER DEFAULT PRIVILEGES FOR ROLE linli_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO linli_app;
ALTER DEFAULT PRIVILEGES FOR ROLE linli_owner IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO linli_app;
