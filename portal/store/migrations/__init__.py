"""The portal's tables, as steps that are each applied once, in order; released ones are never edited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.store.migrations.comments import comments
from portal.store.migrations.first_tables import first_tables

MIGRATIONS: tuple[Callable[[Any], None], ...] = (first_tables, comments)
