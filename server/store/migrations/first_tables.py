"""The journal, visits and legs, what is owed, and the set-up of a hall."""

from __future__ import annotations

from sqlite_utils import Database

COUNTED = (
    "INSERT INTO waiting SELECT NEW.service, NEW.priority IS NOT NULL, 0 WHERE NOT EXISTS"
    " (SELECT 1 FROM waiting WHERE service = NEW.service AND priority = (NEW.priority IS NOT NULL))"
)
FIRST_TABLES = (
    # A start of the server: names the epoch of the events it writes and what keeps its steady clock.
    """CREATE TABLE epochs (
        epoch TEXT PRIMARY KEY, started_at INTEGER NOT NULL, boot TEXT NOT NULL, steady_offset INTEGER NOT NULL,
        portal_sequence INTEGER NOT NULL DEFAULT 0
    )""",
    """CREATE TABLE events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, epoch TEXT NOT NULL, type TEXT NOT NULL,
        at INTEGER NOT NULL, steady INTEGER NOT NULL, visit TEXT, leg INTEGER, actor TEXT NOT NULL, data TEXT NOT NULL
    )""",
    "CREATE INDEX events_of_visit ON events(visit) WHERE visit IS NOT NULL",
    "CREATE INDEX events_of_actor ON events(actor, seq)",
    """CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TABLE number_series (
        series TEXT NOT NULL, day TEXT NOT NULL, last INTEGER NOT NULL, lap INTEGER NOT NULL, PRIMARY KEY (series, day)
    ) WITHOUT ROWID""",
    """CREATE TABLE visits (
        visit TEXT PRIMARY KEY, day TEXT NOT NULL, series TEXT, number INTEGER, ticket TEXT, language TEXT NOT NULL,
        origin TEXT NOT NULL, issued_at INTEGER NOT NULL, leg INTEGER NOT NULL, lap INTEGER,
        UNIQUE (series, day, lap, number)
    ) WITHOUT ROWID""",
    "CREATE INDEX visits_by_number ON visits(series, number, day)",
    """CREATE TABLE legs (
        visit TEXT NOT NULL REFERENCES visits(visit), leg INTEGER NOT NULL, service TEXT NOT NULL, priority TEXT,
        place INTEGER NOT NULL, joined_at INTEGER NOT NULL, joined_steady INTEGER NOT NULL, state TEXT NOT NULL,
        counter INTEGER, clerk TEXT, rule TEXT,
        called_at INTEGER, called_steady INTEGER, called_seq INTEGER, announced_at INTEGER, announced_seq INTEGER,
        serving_at INTEGER, serving_steady INTEGER, ended_at INTEGER, recalls INTEGER NOT NULL,
        called_after_ms INTEGER, waited_ms INTEGER, walked_ms INTEGER, served_ms INTEGER, left_after_ms INTEGER,
        outcome TEXT, reason TEXT, note TEXT, for_counter INTEGER, for_clerk TEXT, due_at INTEGER,
        PRIMARY KEY (visit, leg)
    )""",
    """CREATE INDEX legs_waiting ON legs(service, priority IS NULL, place)
        WHERE state = 'waiting' AND for_counter IS NULL AND for_clerk IS NULL AND due_at IS NULL""",
    """CREATE INDEX legs_waiting_for_somebody ON legs(place)
        WHERE state = 'waiting' AND (for_counter IS NOT NULL OR for_clerk IS NOT NULL OR due_at IS NOT NULL)""",
    "CREATE INDEX legs_waiting_in_order ON legs(place) WHERE state = 'waiting'",
    "CREATE INDEX legs_waiting_with_priority ON legs(place) WHERE state = 'waiting' AND priority IS NOT NULL",
    # How many wait, by service and class, kept by the database itself so that it costs the same however long the queue is.
    """CREATE TABLE waiting (
        service TEXT NOT NULL, priority INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (service, priority)
    ) WITHOUT ROWID""",
    # (The writer's upsert overrules an OR IGNORE in a trigger, hence NOT EXISTS.)
    f"""CREATE TRIGGER a_leg_begins_waiting AFTER INSERT ON legs WHEN NEW.state = 'waiting' BEGIN
        {COUNTED};
        UPDATE waiting SET count = count + 1 WHERE service = NEW.service AND priority = (NEW.priority IS NOT NULL);
    END""",
    f"""CREATE TRIGGER a_leg_changes_state AFTER UPDATE OF state ON legs WHEN (OLD.state = 'waiting') <> (NEW.state = 'waiting')
    BEGIN
        {COUNTED};
        UPDATE waiting SET count = count + iif(NEW.state = 'waiting', 1, -1)
            WHERE service = NEW.service AND priority = (NEW.priority IS NOT NULL);
    END""",
    "CREATE UNIQUE INDEX legs_at_counter ON legs(counter) WHERE state IN ('called', 'serving')",
    "CREATE INDEX legs_called ON legs(counter, called_seq) WHERE called_seq IS NOT NULL",
    "CREATE INDEX legs_announced ON legs(announced_seq) WHERE announced_seq IS NOT NULL",
    "CREATE INDEX legs_joined ON legs(joined_at)",
    "CREATE INDEX legs_aside ON legs(called_seq) WHERE state IN ('parked', 'no_show')",
    """CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY, event TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, visit TEXT, payload TEXT NOT NULL,
        sequence INTEGER, epoch TEXT, created_at INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'pending',
        attempts INTEGER NOT NULL DEFAULT 0, error TEXT, done_at INTEGER
    )""",
    "CREATE INDEX deliveries_owed ON deliveries(kind, target, id) WHERE state = 'pending'",
    "CREATE INDEX deliveries_of_visit ON deliveries(visit) WHERE visit IS NOT NULL",
    "CREATE INDEX deliveries_unsettled ON deliveries(kind, state) WHERE state IN ('sending', 'failed', 'unknown')",
    """CREATE TABLE answers (
        actor TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (actor, key)
    ) WITHOUT ROWID""",
    "CREATE INDEX answers_by_age ON answers(at)",
    """CREATE TABLE services (
        id TEXT PRIMARY KEY, position INTEGER NOT NULL, prefix TEXT NOT NULL UNIQUE, series TEXT NOT NULL, name TEXT NOT NULL,
        icon TEXT NOT NULL, target_s INTEGER NOT NULL, documents TEXT NOT NULL, open INTEGER NOT NULL DEFAULT 1,
        range_first INTEGER NOT NULL DEFAULT 1, range_last INTEGER NOT NULL DEFAULT 9999, keeps_place INTEGER NOT NULL DEFAULT 1
    )""",
    "CREATE TABLE work_profiles (id TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL)",
    """CREATE TABLE work_profile_services (
        profile TEXT NOT NULL REFERENCES work_profiles(id) ON DELETE CASCADE,
        service TEXT NOT NULL REFERENCES services(id) ON DELETE CASCADE, rank INTEGER NOT NULL, PRIMARY KEY (profile, service)
    ) WITHOUT ROWID""",
    """CREATE TABLE counters (
        id INTEGER PRIMARY KEY, number INTEGER NOT NULL UNIQUE, state TEXT NOT NULL DEFAULT 'closed', clerk TEXT,
        clerk_name TEXT, since INTEGER NOT NULL DEFAULT 0, reason TEXT,
        profile TEXT REFERENCES work_profiles(id) ON DELETE SET NULL
    )""",
    "CREATE TABLE priorities (id TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL)",
    "CREATE TABLE messages (id INTEGER PRIMARY KEY, position INTEGER NOT NULL, text TEXT NOT NULL)",
    "CREATE TABLE choices (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE people (
        id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL, role TEXT NOT NULL,
        password TEXT NOT NULL, created_at INTEGER NOT NULL
    )""",
    """CREATE TABLE sessions (
        hash TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE, created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE tokens (
        id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, role TEXT NOT NULL, name TEXT NOT NULL,
        created_at INTEGER NOT NULL, revoked_at INTEGER
    )""",
)


def first_tables(db: Database) -> None:
    """Make the tables of an empty unit."""
    for statement in FIRST_TABLES:
        db.execute(statement)
