"""What a counter called stays known whatever becomes of the visitors; who was put back is preferred by nothing; each class of a
queue has its order in an index, so that a call costs the same however many wait, with or without an appointment."""

from __future__ import annotations

from sqlite_utils import Database

QUEUED = "state = 'waiting' AND for_counter IS NULL AND for_clerk IS NULL"
PRIORITY = "({leg}.priority IS NOT NULL AND NOT {leg}.put_back)"
OLD, NEW = PRIORITY.format(leg="OLD"), PRIORITY.format(leg="NEW")
COUNTED = (
    f"INSERT INTO waiting SELECT NEW.service, {NEW}, 0 WHERE NOT EXISTS"
    f" (SELECT 1 FROM waiting WHERE service = NEW.service AND priority = {NEW})"
)
STATEMENTS = (
    "CREATE INDEX calls_of_counter ON events(data ->> 'counter', seq) WHERE type = 'called'",
    "ALTER TABLE legs ADD COLUMN put_back INTEGER NOT NULL DEFAULT 0",
    # `preferred` and `ordinary` whatever the hour, `convened` either of them by the time of the appointment.
    """ALTER TABLE legs ADD COLUMN queue_class TEXT GENERATED ALWAYS AS (CASE
        WHEN put_back THEN 'ordinary'
        WHEN due_at IS NOT NULL AND COALESCE(priority, 'appointment') = 'appointment' THEN 'convened'
        WHEN priority IS NOT NULL THEN 'preferred' ELSE 'ordinary' END) VIRTUAL""",
    "DROP INDEX legs_waiting",
    "DROP INDEX legs_waiting_for_somebody",
    "DROP INDEX legs_waiting_with_priority",
    f"CREATE INDEX legs_queued ON legs(service, queue_class, place, joined_steady) WHERE {QUEUED}",
    f"CREATE INDEX legs_queued_since ON legs(service, queue_class, joined_steady) WHERE {QUEUED}",
    f"CREATE INDEX legs_convened ON legs(service, due_at, place) WHERE {QUEUED} AND queue_class = 'convened'",
    "CREATE INDEX legs_sent ON legs(place) WHERE state = 'waiting' AND (for_counter IS NOT NULL OR for_clerk IS NOT NULL)",
    "CREATE INDEX legs_waiting_with_priority ON legs(place) WHERE state = 'waiting' AND priority IS NOT NULL AND NOT put_back",
    "DROP TRIGGER a_leg_begins_waiting",
    "DROP TRIGGER a_leg_changes_state",
    f"""CREATE TRIGGER a_leg_begins_waiting AFTER INSERT ON legs WHEN NEW.state = 'waiting' BEGIN
        {COUNTED};
        UPDATE waiting SET count = count + 1 WHERE service = NEW.service AND priority = {NEW};
    END""",
    f"""CREATE TRIGGER a_leg_stops_waiting AFTER UPDATE OF state ON legs
    WHEN OLD.state = 'waiting' AND NEW.state <> 'waiting' BEGIN
        UPDATE waiting SET count = count - 1 WHERE service = OLD.service AND priority = {OLD};
    END""",
    f"""CREATE TRIGGER a_leg_waits_again AFTER UPDATE OF state ON legs
    WHEN OLD.state <> 'waiting' AND NEW.state = 'waiting' BEGIN
        {COUNTED};
        UPDATE waiting SET count = count + 1 WHERE service = NEW.service AND priority = {NEW};
    END""",
)


def calling_memory(db: Database) -> None:
    """Index the calls of each counter and the classes of each queue, and count who was put back among the ordinary."""
    for statement in STATEMENTS:
        db.execute(statement)
