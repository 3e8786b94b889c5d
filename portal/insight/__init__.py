"""Figures: rolled up from events (`rolling`), and what of them may be shown (`showing`)."""
