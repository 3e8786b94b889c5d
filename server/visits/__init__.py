"""Visits: the one place that changes them, and how one looks from outside."""

from server.visits.answers import Once
from server.visits.caller import VISITOR, Caller
from server.visits.commands import Visits
from server.visits.looks import CalledLook, CounterLook, TicketLook, VisitLook, had_more_time, look_at_visit
from server.visits.orders import Order

__all__ = [
    "VISITOR",
    "CalledLook",
    "Caller",
    "CounterLook",
    "Once",
    "Order",
    "TicketLook",
    "VisitLook",
    "Visits",
    "had_more_time",
    "look_at_visit",
]
