"""What is refused of ratings and submissions, and why."""

from __future__ import annotations

from typing import ClassVar

from server.errors import N_, Refused


class NotServedYet(Refused):
    status, slug = 409, "not-served-yet"
    message: ClassVar[str] = N_("A visit can be rated when it has ended at the counter.")


class TooLateToRate(Refused):
    status, slug = 409, "too-late-to-rate"
    message: ClassVar[str] = N_("This visit ended more than %(days)s days ago and can't be rated any more.")


class AlreadyRated(Refused):
    status, slug = 409, "already-rated"
    message: ClassVar[str] = N_("This visit has been rated already. Thank you.")


class NotToBeRated(Refused):
    """One answer for every number that can't be rated, so that nothing is learnt by trying."""

    status, slug = 404, "not-to-be-rated"
    message: ClassVar[str] = N_(
        "This number can't be rated here now. Look at your ticket: it can be rated here for some hours after the visit."
    )


class CommentNotOffered(Refused):
    status, slug = 409, "comment-not-offered"
    message: ClassVar[str] = N_("A comment can't be taken here at the moment. Your rating can be given without it.")


class CommentTooLong(Refused):
    status, slug = 422, "comment-too-long"
    message: ClassVar[str] = N_("The comment is too long: at most %(most)s letters.")


class SubmissionsNotOffered(Refused):
    status, slug = 409, "submissions-not-offered"
    message: ClassVar[str] = N_("This can't be taken here at the moment. Please call 3737, or write on chikaya.ma.")


class NothingWritten(Refused):
    status, slug = 422, "nothing-written"
    message: ClassVar[str] = N_("Please write a few words first.")


class TextTooLong(Refused):
    status, slug = 422, "text-too-long"
    message: ClassVar[str] = N_("The text is too long: at most %(most)s letters. Nothing was sent; please shorten it.")


class BadPhone(Refused):
    status, slug = 422, "bad-phone"
    message: ClassVar[str] = N_("This is not a telephone number: write digits, with + before them from abroad.")


class BadEmail(Refused):
    status, slug = 422, "bad-email"
    message: ClassVar[str] = N_("This is not an e-mail address: it has a name, an @ and a place, such as name@example.ma.")


class UnknownReference(Refused):
    status, slug = 404, "unknown-reference"
    message: ClassVar[str] = N_("Nothing was left here under this reference. Please compare it letter by letter.")


class TooOften(Refused):
    status, slug = 429, "too-often"
    message: ClassVar[str] = N_("That was often in a short time. Please wait %(seconds)s s and try again.")
