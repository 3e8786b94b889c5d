"""The fault run: a real unit, a line that breaks, a real portal on a real PostgreSQL, and both sides killed at random."""
