"""Units and their streams of events, figures, submissions and the officers who work them."""

from __future__ import annotations

from typing import Any

UNITS = """
CREATE TABLE units (
    unit text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    administration text NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now(),
    suspended_at timestamptz,
    secret_hash bytea,
    certificate boolean NOT NULL DEFAULT false,
    fingerprint text,
    signing_key jsonb
);
CREATE TABLE tokens (
    hash bytea PRIMARY KEY,
    unit text COLLATE "C" NOT NULL REFERENCES units ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON tokens (expires_at);
CREATE INDEX ON tokens (unit);
"""
# One row per start of a unit: what is written once a batch must not touch an index (heap-only updates).
STREAMS = """
CREATE TABLE streams (
    stream bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit text COLLATE "C" NOT NULL REFERENCES units,
    epoch text COLLATE "C" NOT NULL,
    began timestamptz NOT NULL,
    first_received timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_received timestamptz NOT NULL DEFAULT clock_timestamp(),
    highest bigint NOT NULL DEFAULT 0,
    stored bigint NOT NULL DEFAULT 0,
    dirty_from timestamptz,
    dirty_to timestamptz,
    UNIQUE (unit, epoch)
) WITH (fillfactor = 50);
CREATE INDEX ON streams (unit, first_received);
CREATE INDEX ON streams (stream) WHERE dirty_from IS NOT NULL;
CREATE TABLE gaps (
    stream bigint NOT NULL REFERENCES streams,
    first bigint NOT NULL,
    last bigint NOT NULL CHECK (last >= first),
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stream, first)
);
CREATE TABLE incidents (
    unit text COLLATE "C" NOT NULL REFERENCES units,
    kind text NOT NULL,
    subject text NOT NULL,
    first_seen timestamptz NOT NULL DEFAULT now(),
    last_seen timestamptz NOT NULL DEFAULT now(),
    times integer NOT NULL DEFAULT 1,
    settled_at timestamptz,
    PRIMARY KEY (unit, kind, subject)
);
"""
EVENTS = """
CREATE TABLE events (
    stream bigint NOT NULL,
    sequence bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    visit text COLLATE "C",
    leg smallint,
    service text NOT NULL,
    language text,
    priority text,
    counter integer,
    joined timestamptz NOT NULL,
    called_after integer,
    waited integer,
    walked integer,
    served integer,
    left_after integer,
    recalls integer,
    outcome text,
    extra jsonb
) PARTITION BY RANGE (at);
CREATE INDEX ON events (stream, sequence);
CREATE TABLE events_other PARTITION OF events DEFAULT;
"""
FIGURES = """
CREATE TABLE figures (
    unit text COLLATE "C" NOT NULL REFERENCES units,
    day date NOT NULL,
    hour smallint NOT NULL,
    service text NOT NULL,
    arrivals integer NOT NULL,
    served integer NOT NULL,
    no_shows integer NOT NULL,
    walkouts integer NOT NULL,
    waits integer NOT NULL,
    wait_sum bigint NOT NULL,
    called integer NOT NULL,
    called_in_time integer NOT NULL,
    left_late integer NOT NULL,
    ratings integer NOT NULL,
    score_sum integer NOT NULL,
    issued integer,
    PRIMARY KEY (unit, day, hour, service)
);
CREATE INDEX ON figures (day);
"""
SUBMISSIONS = """
CREATE TABLE submissions (
    reference text COLLATE "C" PRIMARY KEY,
    unit text COLLATE "C" NOT NULL REFERENCES units,
    key text COLLATE "C" NOT NULL,
    type text NOT NULL,
    time timestamptz NOT NULL,
    service text,
    category text,
    language text,
    sealed text NOT NULL,
    administration text NOT NULL,
    stage text NOT NULL DEFAULT 'deposit' CHECK (stage IN ('deposit', 'assign', 'process', 'answer')),
    officer text,
    transmitted_at timestamptz NOT NULL DEFAULT now(),
    assigned_at timestamptz,
    processed_at timestamptz,
    answered_at timestamptz,
    answer text,
    answer_language text,
    UNIQUE (unit, key)
);
CREATE INDEX ON submissions (administration, stage, time);
CREATE TABLE officers (
    login text PRIMARY KEY,
    name text NOT NULL,
    administration text NOT NULL,
    password_hash text NOT NULL,
    disabled_at timestamptz
);
CREATE TABLE sign_ins (login text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON sign_ins (login, at);
CREATE TABLE steps (
    reference text COLLATE "C" NOT NULL REFERENCES submissions,
    at timestamptz NOT NULL DEFAULT now(),
    officer text NOT NULL,
    step text NOT NULL
);
CREATE INDEX ON steps (reference, at);
"""


def first_tables(conn: Any) -> None:
    for script in (UNITS, STREAMS, EVENTS, FIGURES, SUBMISSIONS):
        conn.execute(script)
