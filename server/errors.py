"""Refusals: what the unit says no to, each in one sentence a person can act on.

`message` is an English msgid with `%(name)s` places; the web layer translates it into the reader's language.
`status` is the HTTP status, `slug` ends the problem's `type` (RFC 9457).
"""

from __future__ import annotations

from typing import Any, ClassVar


def N_(message: str) -> str:
    """Mark an English sentence for extraction without translating it here."""
    return message


class Refused(Exception):
    """A command or request that is refused; nothing was changed by it."""

    status: ClassVar[int] = 400
    slug: ClassVar[str] = "refused"
    message: ClassVar[str] = N_("This can't be done.")

    def __init__(self, **params: Any) -> None:
        super().__init__(self.message % params if params else self.message)
        self.params = params

    def __reduce__(self) -> tuple[Any, ...]:
        """From one process to another: made anew of its params."""
        return _refused, (type(self), self.params)


def _refused(kind: type[Refused], params: dict[str, Any]) -> Refused:
    return kind(**params)


class UnknownService(Refused):
    status, slug = 404, "unknown-service"
    message = N_("There is no service “%(service)s” here.")


class UnknownCounter(Refused):
    status, slug = 404, "unknown-counter"
    message = N_("There is no counter “%(counter)s” here.")


class UnknownVisit(Refused):
    status, slug = 404, "unknown-visit"
    message = N_("There is no such visit.")


class UnknownPriority(Refused):
    status, slug = 422, "unknown-priority"
    message = N_("There is no priority “%(priority)s” here.")


class ServiceClosed(Refused):
    status, slug = 409, "service-closed"
    message = N_("The service “%(service)s” gives no tickets at the moment.")


class IllegalTransition(Refused):
    status, slug = 409, "illegal-transition"
    message = N_("“%(action)s” is not possible while the state is “%(state)s”.")


class CounterBusy(Refused):
    status, slug = 409, "counter-busy"
    message = N_("Counter %(counter)s still has the visitor %(ticket)s; finish or mark absent first.")


class CounterTaken(Refused):
    status, slug = 409, "counter-taken"
    message = N_("Counter %(counter)s is held by %(clerk)s.")


class CounterNotOpen(Refused):
    status, slug = 409, "counter-not-open"
    message = N_("Counter %(counter)s is not open; open it first (“%(action)s” while “%(state)s”).")


class NowhereToTransfer(Refused):
    status, slug = 422, "nowhere-to-transfer"
    message = N_("Say where to send the visitor: a service, a counter or a clerk.")


class ClerkNotThere(Refused):
    status, slug = 409, "clerk-not-there"
    message = N_("This clerk holds no counter at the moment.")


class NobodyAtCounter(Refused):
    status, slug = 409, "nobody-at-counter"
    message = N_("Counter %(counter)s has no visitor to do “%(action)s” with (state “%(state)s”).")


class KeyReused(Refused):
    status, slug = 422, "idempotency-key-reused"
    message = N_("This Idempotency-Key was already used for another request.")


class BadKey(Refused):
    status, slug = 400, "idempotency-key-invalid"
    message = N_("An Idempotency-Key is 1 to 128 visible ASCII characters.")


class NotSignedIn(Refused):
    status, slug = 401, "not-signed-in"
    message = N_("Sign in first, or send a valid token.")


class NotAllowed(Refused):
    status, slug = 403, "not-allowed"
    message = N_("This is not allowed for the role “%(role)s”.")


class ForeignOrigin(Refused):
    status, slug = 403, "foreign-origin"
    message = N_("A request from another site is not accepted.")


class WrongPassword(Refused):
    status, slug = 401, "wrong-password"
    message = N_("The login or the password is wrong. Try again, or ask a manager for a new password.")


class WrongOldPassword(Refused):
    status, slug = 401, "wrong-old-password"
    message = N_("The password is wrong. Try again.")


class WrongPin(Refused):
    status, slug = 401, "wrong-pin"
    message = N_("The PIN is wrong. Try again.")


class TooManyAttempts(Refused):
    status, slug = 429, "too-many-attempts"
    message = N_("Too many wrong attempts; try again in %(seconds)s seconds.")


class TooManyRequests(Refused):
    status, slug = 429, "too-many-requests"
    message = N_("Too many requests; try again in %(seconds)s seconds.")


class NotJson(Refused):
    status, slug = 400, "not-json"
    message = N_("The body must be a JSON object.")


class WrongMediaType(Refused):
    status, slug = 415, "wrong-media-type"
    message = N_("Send the body as application/json.")


class BadPeriod(Refused):
    status, slug = 422, "bad-period"
    message = N_("The period must be two dates (YYYY-MM-DD), the first not after the second.")


class StoreBusy(Refused):
    status, slug = 503, "busy"
    message = N_("The unit is too busy at this moment; try again in a second.")


class StoreFailed(Refused):
    status, slug = 503, "store-failed"
    message = N_("The unit could not write this down (%(reason)s); nothing was changed.")


class StoreFull(Refused):
    status, slug = 503, "disk-full"
    message = N_("The disk of the server is full; nothing was changed. Please tell the person who looks after it.")


class StoreDamaged(Refused):
    status, slug = 503, "store-damaged"
    message = N_("The database is damaged, so nothing more is written. Stop the server and restore the last backup.")


class UnitError(Exception):
    """A unit's folder, file or database can't be used: one sentence for the installer, on stderr."""


class NoMoreTime(Refused):
    status, slug = 409, "no-more-time"
    message = N_("You have gone back to the queue once already. Please come to the counter or ask at the reception.")
