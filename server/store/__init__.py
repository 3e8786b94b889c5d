"""The unit's database: one SQLite file in WAL mode, every commit on the disk before it is acknowledged."""

from server.store.database import StoreTooNew, StoreUnusable, open_reader, open_store, transaction
from server.store.writer import Writer

__all__ = ["StoreTooNew", "StoreUnusable", "Writer", "open_reader", "open_store", "transaction"]
