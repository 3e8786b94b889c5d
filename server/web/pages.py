"""What every page is made of: the base template, words and data as JSON, the assets, and pages that say one sentence.

Assets live at `/assets/<version>/…`, where the version is a digest over all of them: ES modules import each other by
relative paths, so the version carries through and everything can be cached for a year. A room's own `static/` folder is
served at `/assets/<version>/<room>/…`.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    make_response,
    render_template,
    request,
    send_from_directory,
    stream_template,
)
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.utils import safe_join

from server.errors import N_, Refused
from server.web.language import (
    COOKIE,
    LANGUAGES,
    in_language,
    normalise,
    reader_language,
    words,
    written_number,
    written_share,
)

ASSETS = Path(__file__).resolve().parent.parent / "assets"
YEAR = 365 * 24 * 3600
_KEY = "istiqbal.assets"
SO_FAR = Markup("<!-- so far -->")

log = logging.getLogger(__name__)

blueprint = Blueprint("pages", __name__, template_folder="templates")

SENTENCES: Mapping[int, tuple[str, str]] = {
    400: (N_("This request can't be understood"), N_("Go back and try again.")),
    401: (N_("Please sign in"), N_("This page is for people who have signed in.")),
    403: (N_("This page is not open to you"), N_("Sign in with an account that may see it, or ask the manager of this site.")),
    404: (N_("There is no such page"), N_("Check the address, or go back to the start.")),
    405: (N_("This page can't be used in this way"), N_("Go back and try again.")),
    409: (N_("This can't be done as things are now"), N_("Something changed in the meantime. Load the page again, then decide.")),
    413: (N_("This is too large"), N_("Send something smaller.")),
    422: (N_("Something in it is not right"), N_("Go back, correct it and send it again.")),
    429: (N_("Too many attempts"), N_("Wait a little, then try again.")),
    500: (
        N_("Something went wrong on our side"),
        N_("Nothing was lost. Try again; if it goes on, tell the person who looks after this system."),
    ),
    503: (N_("The service is busy"), N_("Wait a few seconds and try again.")),
}


def init_pages(app: Flask) -> None:
    """Serve the assets and give templates `asset_url`, `unit_name`, `languages`, `language`, `number` and `share`."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(asset_url=asset_url, unit_name=unit_name, languages=LANGUAGES, number=_number, share=_share)
    app.context_processor(lambda: {"language": reader_language()})


def _number(value: float, places: int = 0, signed: bool = False) -> str:
    return written_number(value, reader_language().code, places, signed)


def _share(value: float) -> str:
    return written_share(value, reader_language().code)


class Assets:
    """The folders the assets come from and the version of what they hold."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self.folders = dict(folders)
        self.version = self._digest()

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for name, folder in sorted(self.folders.items()):
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    digest.update(f"{name}/{file.relative_to(folder)}\0".encode())
                    digest.update(file.read_bytes())
        return digest.hexdigest()[:12]

    def find(self, name: str) -> tuple[Path, str]:
        """Folder and path inside it for an asset's name; the first part names the room, else it is a shared asset."""
        room, _, rest = name.partition("/")
        return (self.folders[room], rest) if room in self.folders and rest else (ASSETS, name)


def _assets() -> Assets:
    """This app's assets; collected at first use, when all rooms are registered."""
    assets = current_app.extensions.get(_KEY)
    if not isinstance(assets, Assets):
        rooms = {name: Path(room.static_folder) for name, room in current_app.blueprints.items() if room.static_folder}
        assets = current_app.extensions[_KEY] = Assets({"": ASSETS, **rooms})
    return assets


def asset_url(name: str) -> str:
    """Address of an asset (`css/base.css`, `kiosk/kiosk.js`), which may be cached for ever."""
    return f"/assets/{_assets().version}/{name}"


def unit_name() -> str:
    """The unit's name in the reader's language, else in Arabic, French or Amazigh."""
    names = current_app.extensions["istiqbal"].settings.unit.name
    return next((names[code] for code in (reader_language().code, "ar", "fr", "zgh", "en") if code in names), "")


@blueprint.get("/assets/<version>/<path:name>")
def asset(version: str, name: str) -> Response:
    """Send an asset; an old version's address still works, but what it gets is not kept."""
    assets = _assets()
    folder, path = assets.find(name)
    if safe_join(str(folder), path) is None:
        raise NotFound
    response = send_from_directory(folder, path, max_age=YEAR if version == assets.version else 0)
    if version == assets.version:
        response.cache_control.immutable = True
        response.cache_control.public = True
    return response


def to_json(data: Any) -> Markup:
    """JSON that can stand inside `<script type="application/json">` whatever it contains."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)


def page(
    template: str,
    table: Mapping[str, str] | None = None,
    data: Mapping[str, Any] | None = None,
    spoken: tuple[str, ...] | None = None,
    status: int = 200,
    **context: Any,
) -> Response:
    """Render a page. `table` (key → English msgid) and `data` reach its script as JSON.

    `spoken` names the languages the words come in; without it, only the reader's.
    """
    return _finished(make_response(render_template(template, payload=_payload(table, data, spoken), **context), status))


def page_in_parts(template: str, status: int = 200, **context: Any) -> Response:
    """A page of which the reader gets at once whatever stands before each `{{ so_far }}`, while the rest is being made."""
    pieces = stream_template(template, payload=_payload(None, None, None), so_far=SO_FAR, **context)
    response = _finished(make_response(_parts(pieces), status))
    response.headers["X-Accel-Buffering"] = "no"  # a proxy shall not wait for the rest either (nginx's name for it)
    return response


def _parts(pieces: Iterator[str]) -> Iterator[str]:
    gathered: list[str] = []
    for piece in pieces:
        if piece == SO_FAR:
            yield "".join(gathered)
            gathered.clear()
        else:
            gathered.append(piece)
    yield "".join(gathered)


def _payload(table: Mapping[str, str] | None, data: Mapping[str, Any] | None, spoken: tuple[str, ...] | None) -> Markup:
    reader = reader_language()
    return to_json(
        {
            "language": reader.code,
            "languages": {code: {"name": one.name, "direction": one.direction} for code, one in LANGUAGES.items()},
            "words": {code: words(code, table or {}) for code in spoken or (reader.code,)},
            **(data or {}),
        }
    )


def _finished(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept-Language", "Cookie"))
    _remember_language(response)
    return response


def _remember_language(response: Response) -> None:
    wish = normalise(request.args.get("lang"))
    if wish:
        response.set_cookie(COOKIE, wish, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)


def sentence_page(status: int, title: str, sentence: str) -> Response:
    """A page that says what is the matter, in words already written in the reader's language."""
    return page("sentence.html", status=status, title=title, sentence=sentence)


def refusal_page(refusal: Refused) -> Response:
    """A refusal of the unit, on a page: its own sentence under the title of its status."""
    lang = reader_language().code
    title, _ = SENTENCES.get(refusal.status, SENTENCES[400])
    response = sentence_page(refusal.status, in_language(lang, title), in_language(lang, refusal.message, **refusal.params))
    if refusal.status in (429, 503):
        response.headers["Retry-After"] = str(refusal.params.get("seconds", 1))
    return response


def http_error_page(error: HTTPException) -> Response | HTTPException:
    """What Flask itself refuses (404, 405, 413 …), as a sentence in the reader's language; redirects pass through."""
    status = error.code or 500
    return error if error.response is not None or status < 400 else _status_page(status)


def broken_page(error: Exception) -> Response:
    """A mistake of ours: logged with its trace, told without it."""
    log.error("a page failed", exc_info=error)
    return _status_page(500)


def _status_page(status: int) -> Response:
    title, sentence = SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400])
    lang = reader_language().code
    return sentence_page(status, in_language(lang, title), in_language(lang, sentence))


def local_path(target: str | None, otherwise: str) -> str:
    """`target` when it is a path on this server, else `otherwise`: never a way to another site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or any(ord(sign) < 32 for sign in target):
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc else target
