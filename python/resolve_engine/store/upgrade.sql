-- A file of version 1 becomes one of version 2: the places leave the objects' rows.
PRAGMA user_version = 2;
CREATE TABLE place (
    project  TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    id       TEXT NOT NULL,
    parent   TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
INSERT INTO place SELECT project, id, parent, position FROM object;
ALTER TABLE object RENAME TO object_1;
CREATE TABLE object (
    project  TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    id       TEXT NOT NULL,
    kind     TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
INSERT INTO object SELECT project, id, kind, body FROM object_1;
DROP TABLE object_1
