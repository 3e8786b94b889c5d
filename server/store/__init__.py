"""The unit's database: one SQLite file in WAL mode, every commit on the disk before it is acknowledged."""

import server.store.lean  # noqa: F401  # before the first that imports sqlite-utils
from server.store.database import StoreTooNew, StoreUnusable, check_whole, open_reader, open_store, transaction
from server.store.writer import Writer, is_damage

__all__ = ["StoreTooNew", "StoreUnusable", "Writer", "check_whole", "is_damage", "open_reader", "open_store", "transaction"]
