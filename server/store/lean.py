"""Imports sqlite-utils without numpy, which it takes in wherever it is installed to store its types: we store none of them.

The server has no other use for numpy (reports are counted in a process of their own), and is 11 MB smaller without.
"""

import sys

if "numpy" not in sys.modules:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # how the import system notes what is not there
    try:
        import sqlite_utils  # noqa: F401
    finally:
        del sys.modules["numpy"]
