-- The same as upgrade.sql for a PostgreSQL server, after postgres.sql has made the table of places.
INSERT INTO place SELECT project, id, parent, position FROM object;
ALTER TABLE object DROP COLUMN parent, DROP COLUMN position;
UPDATE resolve_engine_schema SET version = 2
