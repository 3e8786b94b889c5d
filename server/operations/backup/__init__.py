"""Backups: a whole copy of the unit made while tickets flow, checked, sealed if a key is set, kept in one or more places.

archive    one backup as a file: what is in it, making it, opening it
places     where it is kept: a folder or stick, a second PC over SSH
rotation   which backups are kept and which are dropped
making     all of it together, and what became of the last one
restoring  from a backup to a unit that goes on
standby    the second PC that follows at a second's distance
"""
