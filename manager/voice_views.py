"""The manager's pages of the voice: how the hall is spoken to, which clips there are, and a page for each to record it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, redirect, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from manager.guard import signed_in
from manager.setup import changing
from manager.setup.form import Form
from manager.voice_form import read, rows
from server.editing.voice import Voice
from server.errors import N_, Refused
from server.setup.voice import LANGUAGES, MOST_HOURS, MOST_REPEATS, VoiceChoices, choices
from server.unit import Unit
from server.voice import recordings
from server.voice.choices import ask_for_test
from server.voice.clips import Library, Source, known, manifest
from server.voice.phrases import CHIME, texts
from server.web import identity, pages
from server.web.language import in_language, reader_language

blueprint = Blueprint("voice", __name__, url_prefix="/voice")

TEST_TICKET = "A042"
TEST_COUNTER = 4
FORM_AROUND = 64 * 1024
"""Bytes that a form needs around the file it carries."""
NO_TEXT = N_("Two tones before every call")
SOURCES: dict[Source, str] = {"site": N_("Recorded here"), "packaged": N_("Comes with Istiqbal"), "missing": N_("Missing")}
GROUPS = {
    "words": N_("Words and letters"),
    "numbers": N_("Numbers up to 99"),
    "large": N_("Hundreds and thousands"),
    "behind": N_("Numbers behind hundreds and thousands"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A clip as the page lists it."""

    name: str
    text: str
    source: Source
    address: str | None


@blueprint.get("")
def settings() -> Response:
    """The choices as they are kept, and the clips of one language."""
    with identity.unit().reading() as conn:
        kept = choices(conn)
    shown = [(one.since, str(one.level)) for one in kept.volume]
    return _page(kept, shown, Voice.of(kept).revision(), told=request.args.get("done"))


@blueprint.post("")
def save() -> Response:
    """Keep the form's choices, or show the form again with what is wrong, or with what somebody else changed."""
    read_at = request.form.get("revision", "")
    chosen, refusal = read(request.form)
    if refusal is not None:
        return _page(chosen, rows(request.form), read_at, refusal=refusal)
    if first := changing.keep_only(Voice.of(chosen), read_at):
        return _page(chosen, rows(request.form), first.revision, first=first)
    return redirect("/manager/voice?done=saved", 303)


@blueprint.post("/test")
def test() -> Response:
    """Have the displays say a call that is none, in the hall's languages."""
    who = signed_in()
    unit = identity.unit()

    def command(conn: Any) -> None:
        ask_for_test(conn, unit.journal, who.caller().id, TEST_TICKET, TEST_COUNTER, choices(conn).languages)

    unit.writer.run(command)
    return redirect("/manager/voice?done=tested", 303)


@blueprint.get("/clip/<path:name>")
def clip(name: str) -> Response:
    """One clip: what is said, what it sounds like, and where to put a recording."""
    return _clip_page(name, told=request.args.get("done"))


@blueprint.post("/clip/<path:name>")
def record(name: str) -> Response:
    """Keep an uploaded recording, or delete the one that is kept."""
    who = signed_in()
    request.max_content_length = recordings.LARGEST + FORM_AROUND
    if (request.content_length or 0) > request.max_content_length:
        return _clip_page(name, refusal=recordings.too_large())
    try:
        done = _kept_or_deleted(identity.unit(), who.caller().id, name)
    except RequestEntityTooLarge:
        return _clip_page(name, refusal=recordings.too_large())
    except (recordings.NoRecording, recordings.RecordingTooLarge, recordings.RecordingTooLong, recordings.NotASound) as refusal:
        return _clip_page(name, refusal=refusal)
    return redirect(f"/manager/voice/clip/{name}?{urlencode({'done': done})}", 303)


def _kept_or_deleted(unit: Unit, actor: str, name: str) -> str:
    if "delete" in request.form:
        recordings.delete(unit, _library(), actor, name)
        return "deleted"
    file = request.files.get("recording")
    recordings.keep(unit, _library(), actor, name, file.read() if file else b"")
    return "kept"


def _page(
    chosen: VoiceChoices,
    volume: list[tuple[str, str]],
    revision: str,
    *,
    refusal: Refused | None = None,
    first: Form | None = None,
    told: str | None = None,
) -> Response:
    language = reader_language().code
    wanted = request.args.get("clips", "")
    of = (
        wanted if wanted in LANGUAGES else next((code for code in (language, *chosen.languages) if code in LANGUAGES), LANGUAGES[0])
    )
    library = _library()
    return pages.page(
        "manager/voice.html",
        status=refusal.status if refusal else first.status if first else 200,
        who=signed_in(),
        chosen=chosen,
        revision=revision,
        first=first,
        volume=[*volume, *[("", "")] * (MOST_HOURS - len(volume))],
        fault=in_language(language, refusal.message, **refusal.params) if refusal else None,
        told=told,
        codes=LANGUAGES,
        places=len(LANGUAGES),
        most_repeats=MOST_REPEATS,
        of=of,
        groups=_groups(library, of),
        group_names=GROUPS,
        sources=SOURCES,
        counts={code: _counts(library, code) for code in LANGUAGES},
        chime=_row(library, CHIME, in_language(language, NO_TEXT)),
    )


def _clip_page(name: str, refusal: Refused | None = None, told: str | None = None) -> Response:
    if not known(name):
        raise recordings.UnknownClip(clip=name)
    language = reader_language().code
    code, _, clip = name.rpartition("/")
    text = texts(code)[clip] if code else in_language(language, NO_TEXT)
    others = list(texts(code)) if code else []
    following = others[others.index(clip) + 1 :] if code else []
    return pages.page(
        "manager/clip.html",
        status=refusal.status if refusal else 200,
        who=signed_in(),
        row=_row(_library(), name, text),
        of=code,
        sources=SOURCES,
        seconds=manifest().get(name, {}).get("seconds"),
        following=f"{code}/{following[0]}" if following else None,
        limit_mb=recordings.LARGEST // 1024 // 1024,
        limit_s=recordings.LONGEST_S,
        fault=in_language(language, refusal.message, **refusal.params) if refusal else None,
        told=told,
    )


def _groups(library: Library, language: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {group: [] for group in GROUPS}
    for name, text in texts(language).items():
        found[_group(name)].append(_row(library, f"{language}/{name}", text))
    return {group: listed for group, listed in found.items() if listed}


def _group(clip: str) -> str:
    kind, _, number = clip.partition("-")
    if kind == "and":
        return "behind"
    if kind != "n":
        return "words"
    return "numbers" if int(number) < 100 else "large"


def _row(library: Library, name: str, text: str) -> Row:
    found = library.find(name)
    return Row(name, text, library.source(name), found.address if found else None)


def _counts(library: Library, language: str) -> dict[str, int]:
    missing = len(library.missing(language))
    recorded = library.recorded(language)
    return {"site": recorded, "packaged": len(texts(language)) - missing - recorded, "missing": missing}


def _library() -> Library:
    found: Library = current_app.extensions["istiqbal.voice"]
    return found
