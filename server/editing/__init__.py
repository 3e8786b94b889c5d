"""Changing the set-up: what a thing may be, what must hold among things, and writing it down with who changed it."""

from server.editing.changes import Change, Editor, Faulty, differences, read
from server.editing.section import Section, SetUp
from server.editing.sections import BY_NAME, SECTIONS
from server.editing.things import Fault, Thing, made

__all__ = ["BY_NAME", "SECTIONS", "Change", "Editor", "Fault", "Faulty", "Section", "SetUp", "Thing", "differences", "made", "read"]
