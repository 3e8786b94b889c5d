"""What citizens are told of a service before they take a ticket."""

from __future__ import annotations

from sqlite_utils import Database


def service_information(db: Database) -> None:
    """Texts by language, as JSON objects, `{}` where nothing is said; `heading` is the group the kiosk shows a service under."""
    db.execute(
        """CREATE TABLE service_information (
            service TEXT PRIMARY KEY REFERENCES services(id) ON DELETE CASCADE, sentence TEXT NOT NULL, fees TEXT NOT NULL,
            delay TEXT NOT NULL, steps TEXT NOT NULL, heading TEXT NOT NULL
        ) WITHOUT ROWID"""
    )
