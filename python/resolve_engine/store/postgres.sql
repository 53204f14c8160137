-- The same as schema.sql for a PostgreSQL server that several seats share; each seat has a session of its own.
CREATE TABLE IF NOT EXISTS resolve_engine_schema (version INTEGER NOT NULL);
INSERT INTO resolve_engine_schema SELECT 2 WHERE NOT EXISTS (SELECT 1 FROM resolve_engine_schema);

CREATE TABLE IF NOT EXISTS project_folder (
    id     TEXT PRIMARY KEY,
    parent TEXT NOT NULL,
    name   TEXT NOT NULL,
    UNIQUE (parent, name)
);

CREATE TABLE IF NOT EXISTS project (
    id       TEXT PRIMARY KEY,
    folder   TEXT NOT NULL,
    name     TEXT NOT NULL,
    untitled INTEGER NOT NULL,
    created  DOUBLE PRECISION NOT NULL,
    modified DOUBLE PRECISION NOT NULL,
    body     TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS project_by_name ON project (folder, name) WHERE untitled = 0;

CREATE TABLE IF NOT EXISTS object (
    project  TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    id       TEXT NOT NULL,
    kind     TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (project, id)
);

CREATE TABLE IF NOT EXISTS place (
    project  TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    id       TEXT NOT NULL,
    parent   TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (project, id)
);

CREATE TABLE IF NOT EXISTS session (
    seat  TEXT NOT NULL,
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (seat, key)
)
