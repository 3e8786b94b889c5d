"""What can't be kept of a set-up, each in one sentence for whoever typed it."""

from __future__ import annotations

from server.errors import N_, Refused
from server.revisions import ChangedMeanwhile as ChangedMeanwhile
from server.revisions import GoneMeanwhile as GoneMeanwhile


class Needed(Refused):
    status, slug = 422, "needed"
    message = N_("This is needed.")


class TooLong(Refused):
    status, slug = 422, "too-long"
    message = N_("At most %(most)s characters are possible here.")


class TooMany(Refused):
    status, slug = 422, "too-many"
    message = N_("At most %(most)s are possible here.")


class TooSmall(Refused):
    status, slug = 422, "too-small"
    message = N_("This must be at least %(least)s.")


class TooLarge(Refused):
    status, slug = 422, "too-large"
    message = N_("This must be at most %(most)s.")


class NotANumber(Refused):
    status, slug = 422, "not-a-number"
    message = N_("Write a whole number here.")


class UnknownKey(Refused):
    status, slug = 422, "unknown-key"
    message = N_("There is no setting “%(key)s” here.")


class NotPlain(Refused):
    status, slug = 422, "not-plain"
    message = N_("Line breaks and other invisible signs can't stand here.")


class WrongKind(Refused):
    status, slug = 422, "wrong-kind"
    message = N_("This value can't be used here (%(detail)s).")


class BadPrefix(Refused):
    status, slug = 422, "bad-prefix"
    message = N_("A prefix is one or two Latin letters, A to Z.")


class BadId(Refused):
    status, slug = 422, "bad-id"
    message = N_("An id has small Latin letters, digits and hyphens, at most 40.")


class BadTime(Refused):
    status, slug = 422, "bad-time"
    message = N_("Write a time as 08:30.")


class BadDay(Refused):
    status, slug = 422, "bad-day"
    message = N_("Write a day as 2026-12-31.")


class BadMoment(Refused):
    status, slug = 422, "bad-moment"
    message = N_("Write a date and a time as 2026-12-01T08:30.")


class NoSuchIcon(Refused):
    status, slug = 422, "no-such-icon"
    message = N_("There is no icon “%(icon)s”.")


class RangeBackwards(Refused):
    status, slug = 422, "range-backwards"
    message = N_("The last number must not be smaller than the first one.")


class EndsTooEarly(Refused):
    status, slug = 422, "ends-too-early"
    message = N_("The end must be later than the beginning.")


class DuplicateId(Refused):
    status, slug = 422, "duplicate-id"
    message = N_("The id “%(id)s” is there twice.")


class DuplicatePrefix(Refused):
    status, slug = 422, "duplicate-prefix"
    message = N_("“%(service)s” has the prefix %(prefix)s already; two services can't have the same.")


class DuplicateNumber(Refused):
    status, slug = 422, "duplicate-number"
    message = N_("There is a counter %(number)s already.")


class RangesDisagree(Refused):
    status, slug = 422, "ranges-disagree"
    message = N_("Services that share their numbers have one range: “%(service)s” has %(first)s to %(last)s.")


class NoSuchService(Refused):
    status, slug = 422, "no-such-service"
    message = N_("There is no service “%(service)s” here.")


class NoSuchCounter(Refused):
    status, slug = 422, "no-such-counter"
    message = N_("There is no counter “%(counter)s” here.")


class NoSuchWorkProfile(Refused):
    status, slug = 422, "no-such-work-profile"
    message = N_("There is no work profile “%(profile)s” here.")


class ServiceInUse(Refused):
    status, slug = 409, "service-in-use"
    message = N_(
        "%(count)s visitors of this service are still in the hall. Let it give no more tickets and have them served, or"
        " transferred to another service; then remove it."
    )


class LastServiceOf(Refused):
    status, slug = 409, "last-service-of"
    message = N_("“%(place)s” has this service alone. Give it another one first, or remove it.")


class CounterInUse(Refused):
    status, slug = 409, "counter-in-use"
    message = N_("Counter %(counter)s is held by %(clerk)s. Have it closed first.")


class PriorityInUse(Refused):
    status, slug = 409, "priority-in-use"
    message = N_("%(count)s visitors with this priority are still in the hall. Remove it when they have been served.")


class WorkProfileInUse(Refused):
    status, slug = 409, "work-profile-in-use"
    message = N_("These counters work by it: %(counters)s. Give them another work profile first.")


class PrefixHeld(Refused):
    status, slug = 409, "prefix-held"
    message = N_(
        "%(count)s visitors in the hall hold tickets that begin with %(prefix)s and are counted otherwise; two could get the same"
        " number. Change this when they have been served."
    )


class DayWouldMove(Refused):
    status, slug = 409, "day-would-move"
    message = N_("At this hour the change would put today's tickets on another day. Make it after %(time)s.")


class NothingThere(Refused):
    status, slug = 404, "nothing-there"
    message = N_("There is no such thing in the set-up.")


class LastCounterOf(Refused):
    status, slug = 409, "last-counter-of"
    message = N_("“%(place)s” shows this counter alone. Give it another one first.")
