"""Ratings' comments are found by their time, and who looked at them is kept."""

from __future__ import annotations

from typing import Any

COMMENTS = """
CREATE INDEX ON events (at) WHERE kind = 'rating' AND extra ? 'comment';
CREATE TABLE comment_looks (
    at timestamptz NOT NULL DEFAULT now(),
    officer text NOT NULL,
    administration text NOT NULL,
    events text[] NOT NULL
);
CREATE INDEX ON comment_looks (administration, at);
"""


def comments(conn: Any) -> None:
    conn.execute(COMMENTS)
