"""The voice: which clips each language has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from server.errors import N_
from server.operations.doctor.findings import Finding
from server.setup.voice import LANGUAGES
from server.voice.clips import Library
from server.voice.phrases import texts


def look(folder: Path) -> Iterator[Finding]:
    """A language that lacks a clip is not spoken in the calls that need it."""
    library = Library(folder)
    for language in LANGUAGES:
        missing = library.missing(language)
        if missing:
            some = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
            yield Finding(
                "warning",
                N_("The voice lacks %(count)s clips in %(language)s: %(clips)s."),
                N_("Record them on the manager's page of the voice."),
                {"count": len(missing), "language": language, "clips": some},
            )
        else:
            yield Finding(
                "good",
                N_("The voice speaks %(language)s: %(recorded)s of %(count)s clips recorded here, the rest come with Istiqbal."),
                params={"language": language, "recorded": library.recorded(language), "count": len(texts(language))},
            )
