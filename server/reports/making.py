"""Making a report: the period's cases loaded once a source, split by the keys, and each family's figures taken."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from server import setup
from server.reports.counting.groups import group
from server.reports.counting.source import OF_THE_DAY, Progress, Source, Value, part
from server.reports.counting.table import Table, load
from server.reports.figures.family import Aims, Family
from server.reports.figures.figure import Unit
from server.reports.figures.registry import KINDS
from server.reports.request import Report, Request, Row, permit_clerks

DEFAULT_TARGET_S = 20 * 60


def make(conn: Any, request: Request, zone: ZoneInfo, progress: Progress = lambda _: None) -> Report:
    """The report; read in one snapshot of the database, so that no ticket falls between two figures."""
    permit_clerks(conn, request.by)
    conn.execute("BEGIN")
    try:
        rows, total = _take(conn, request, zone, part(progress, 0, 1 + request.compared))
        before = None
        if request.compared:
            alone = replace(request, by=(), period=request.period.before())
            before = _take(conn, alone, zone, part(progress, 1, 2))[1]
    finally:
        conn.execute("COMMIT")
    return Report(request, rows, total, before)


def _take(conn: Any, request: Request, zone: ZoneInfo, progress: Progress) -> tuple[list[Row], Row]:
    kind = KINDS[request.kind]
    aims = _aims(conn)
    empty: Row = {figure.name: 0 if figure.unit is Unit.CASES else None for figure in kind.figures}
    rows: dict[tuple[Value, ...], Row] = {}
    total = dict(empty)
    sources = list(dict.fromkeys(family.source for family in kind.families))
    for step, source in enumerate(sources):
        families = [family for family in kind.families if family.source is source]
        table = _load(conn, source, families, request, zone, part(progress, step, len(sources)))
        splits = bool(request.by) and {*request.by} <= {*source.columns, *OF_THE_DAY}  # else it has a total only
        groups, whole = group(table, request.by), group(table, ())
        for family in families:
            if len(table):
                total |= {name: values[0] for name, values in family.take(table, whole, aims).items()}
            taken = family.take(table, groups, aims) if splits and len(table) else {}
            for place, key in enumerate(groups.values if taken else ()):
                row = rows.setdefault(key, {**dict(zip(request.by, key, strict=True)), **empty})
                row |= {name: values[place] for name, values in taken.items()}
    return [rows[key] for key in sorted(rows, key=_order)], total


def _order(key: tuple[Value, ...]) -> list[tuple[bool, Value]]:
    """None sorts behind every value."""
    return [(value is None, 0 if value is None else value) for value in key]


def _load(conn: Any, source: Source, families: Sequence[Family], request: Request, zone: ZoneInfo, progress: Progress) -> Table:
    wanted = [name for family in families for name in family.columns]
    wanted += [key for key in request.by if key not in OF_THE_DAY]
    if request.services:
        wanted.append("service")
    absent = [name for name in wanted if name not in source.columns]
    table = load(conn, source, [name for name in dict.fromkeys(wanted) if name not in absent], request.period, zone, progress)
    if absent:
        nothing = np.zeros(len(table), dtype=np.int64)
        table = replace(
            table,
            columns={**table.columns, **dict.fromkeys(absent, nothing)},
            words={**table.words, **{name: [None] for name in absent}},
        )
    return _of_services(table, request.services)


def _of_services(table: Table, services: Sequence[str]) -> Table:
    if not services or table.words["service"] == [None]:  # a counter's time is no service's
        return table
    places = [place for place, word in enumerate(table.words["service"]) if word in services]
    return table.only(np.isin(table.columns["service"], places))


def _aims(conn: Any) -> Aims:
    """The services' targets as they are now."""
    return Aims(dict(conn.execute("SELECT id, target_s FROM services").fetchall()), DEFAULT_TARGET_S)


def labels(conn: Any, key: str, language: str) -> Mapping[Value, str]:
    """The names of a key's values in a language; a value that is not here is shown as it is."""
    if key == "service":
        # Also those that were removed since, behind the others, which stand in the unit's own order.
        named = conn.execute("SELECT id, name FROM services ORDER BY removed_at IS NOT NULL, position, id")
        return {id: setup.name_in(json.loads(name), language) for id, name in named}
    if key == "priority":
        return {id: setup.name_in(name, language) for id, name in setup.priorities(conn).items()}
    if key == "counter":
        return {id: str(number) for id, number in conn.execute("SELECT id, number FROM counters")}
    if key == "clerk":
        people: dict[Value, str] = {f"person:{id}": name for id, name in conn.execute("SELECT id, name FROM people")}
        return {**people, **{f"device:{id}": name for id, name in conn.execute("SELECT id, name FROM tokens")}}
    return {}
