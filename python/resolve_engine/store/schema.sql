-- One file per database: the projects, their folders and everything in them.
PRAGMA user_version = 2;

-- Folders of the project manager; '' is the top.
CREATE TABLE project_folder (
    id     TEXT PRIMARY KEY,
    parent TEXT NOT NULL,
    name   TEXT NOT NULL,
    UNIQUE (parent, name)
) WITHOUT ROWID;

-- One row per project; an untitled one is in no listing.
CREATE TABLE project (
    id       TEXT PRIMARY KEY,
    folder   TEXT NOT NULL,
    name     TEXT NOT NULL,
    untitled INTEGER NOT NULL,
    created  REAL NOT NULL,
    modified REAL NOT NULL,
    body     TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX project_by_name ON project (folder, name) WHERE untitled = 0;

-- One row per object of a project; body is JSON and leaves defaults out.
CREATE TABLE object (
    project  TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    id       TEXT NOT NULL,
    kind     TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;

-- Where each object stands; apart from its body, so that a ripple over thousands of items rewrites few pages.
CREATE TABLE place (
    project  TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    id       TEXT NOT NULL,
    parent   TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;

-- What was open when the engine last answered; a process that ends without Quit is resumed from here.
CREATE TABLE session (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
