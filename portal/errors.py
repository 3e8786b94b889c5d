"""What the portal says no to: one sentence each, with the slug of its problem (RFC 9457) and its HTTP status."""

from __future__ import annotations

from typing import ClassVar


class PortalError(Exception):
    """A command or setting can't be used: one sentence for the operator, on stderr."""


class Refused(Exception):
    """A request that is refused; nothing was changed by it."""

    status: ClassVar[int] = 400
    slug: ClassVar[str] = "refused"
    title: ClassVar[str] = "This can't be done."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail


class NotGzip(Refused):
    slug, title = "not-gzip", "The body is not gzip, or was cut off."


class NotJson(Refused):
    slug, title = "not-json", "The body is not JSON, or was cut off."


class NotABatch(Refused):
    slug, title = "not-a-batch", "The body is not a JSON array of events."


class BadKey(Refused):
    slug, title = "idempotency-key-invalid", "Send an Idempotency-Key of 1 to 128 visible ASCII characters."


class BadGrant(Refused):
    slug, title = "unsupported-grant-type", "Ask for grant_type=client_credentials."


class NotSignedIn(Refused):
    status, slug, title = 401, "not-signed-in", "Who calls is not known."


class NotAllowed(Refused):
    status, slug, title = 403, "not-allowed", "This is not allowed."


class NoSuchSubmission(Refused):
    status, slug, title = 404, "no-such-submission", "There is no such submission of this unit."


class ReferenceTaken(Refused):
    status, slug, title = 409, "reference-taken", "Another submission has this reference."


class TooLarge(Refused):
    status, slug, title = 413, "too-large", "This is too large."


class WrongMediaType(Refused):
    status, slug, title = 415, "wrong-media-type", "This media type or encoding is not taken here."


class Invalid(Refused):
    status, slug, title = 422, "invalid", "This is not after the schema."


class WrongSource(Refused):
    status, slug, title = 422, "wrong-source", "The source is not the unit that calls."


class KeyReused(Refused):
    status, slug, title = 422, "idempotency-key-reused", "This Idempotency-Key was used for another submission."


class TooManyAttempts(Refused):
    status, slug, title = 429, "too-fast", "Too many wrong attempts; wait a quarter of an hour."


class Busy(Refused):
    status, slug, title = 503, "busy", "The portal can't write this down now; try again."
