"""The page that shows every component of the screens in every language, in the demo: `/styleguide`."""

from __future__ import annotations

import re
from functools import partial

from werkzeug.wrappers import Response

from server.web import pages
from server.web.language import LANGUAGES, in_language
from server.web.waits import ABOUT, USUALLY


def styleguide() -> Response:
    """Colours, letters, and each component with its words in each language."""
    sections = [(one, partial(in_language, one.code)) for one in LANGUAGES.values()]
    return pages.page("styleguide.html", colours=_colours(), sections=sections, about=ABOUT, usually=USUALLY)


def _colours() -> list[str]:
    """The names of the tokens that are colours, from their one place."""
    text = (pages.ASSETS / "css" / "tokens.css").read_text(encoding="utf-8")
    return list(dict.fromkeys(re.findall(r"--([\w-]+): #", text)))
