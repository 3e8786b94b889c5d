"""From a slip to its pieces: what stands where, how large, and in whose letters."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image

from printers.lines import Style, native_lines, shaped_lines
from printers.logo import logo_dots
from printers.pieces import Code, Dots, Feed, Piece, aligned, modules, native, qr_image
from printers.profiles import Profile
from printers.slip import Slip
from printers.text import clean, clean_lines, direction_of, script_language

UNIT = Style(27, 23, 19, bold=True)
DUPLICATE = Style(32, 27, 22, 1, (2, 1), bold=True)
SERVICE = Style(38, 31, 24, enlarge=(2, 2), bold=True)
SUBTITLE = Style(25, 22, 18, 3)
FACT = Style(26, 24, 20, bold=True)
ISSUED = Style(23, 21, 18)
TITLE = Style(24, 22, 18, bold=True)
ITEM = Style(23, 21, 18, 3, item=True)
HELP = Style(25, 22, 18, 3, bold=True)
NOTE = Style(22, 20, 18, 4)
NUMBER = Style(210, 150, 40, 1)
#: White around a QR code in modules: four are the standard's, and scanners fail with less.
_QUIET = 4
#: Share of the paper's width that a QR code takes, on 80 mm and on 58 mm paper.
_QR_SHARE, _QR_SHARE_NARROW = 0.34, 0.52
_RULE = 2


def compose(slip: Slip, profile: Profile) -> tuple[Piece, ...]:
    """The pieces of a slip on this printer, from head to foot."""
    page = _Page(slip, profile)
    show = slip.layout
    if show.logo and slip.logo:
        page.picture(logo_dots(slip.logo, profile.width_dots))
    if show.unit:
        page.words(slip.unit, UNIT, fixed=True)
    page.rule()
    if slip.duplicate:
        page.words(f"* {clean(slip.duplicate)} *", DUPLICATE, after=10)
    if show.service:
        page.words(slip.service, SERVICE, fixed=True)
        if show.subtitle and slip.subtitle:
            page.words(slip.subtitle, SUBTITLE, fixed=True)
    page.number(slip.number)
    if show.issued:
        page.words(slip.issued, ISSUED)
    if show.facts and slip.facts:
        page.gap(10)
        for label, value in slip.facts:
            page.words(f"{label} {value}".strip(), FACT)
    if show.documents and slip.documents:
        page.rule()
        page.words(slip.documents_title, TITLE, after=6, fixed=True)
        for item in slip.documents:
            page.words(item, ITEM, fixed=True)
    if show.qr and slip.qr:
        page.code(slip.qr)
        if slip.qr_text:
            page.words(slip.qr_text, NOTE, fixed=True)
    page.foot((slip.help_line if show.help_line else None), (slip.footer if show.footer else None))
    return page.finished()


class _Page:
    """Collects pieces, choosing native letters where the printer has them."""

    def __init__(self, slip: Slip, profile: Profile) -> None:
        self._slip, self._profile = slip, profile
        self._wide = profile.width_dots >= 480
        self._pieces: list[Piece] = []

    def finished(self) -> tuple[Piece, ...]:
        """The pieces with neighbouring feeds joined, without white at both ends."""
        joined: list[Piece] = []
        for piece in self._pieces:
            last = joined[-1] if joined else None
            if isinstance(piece, Feed) and isinstance(last, Feed):
                joined[-1] = Feed(last.dots + piece.dots)
            elif not isinstance(piece, Feed) or (piece.dots and joined):
                joined.append(piece)
        while joined and isinstance(joined[-1], Feed):
            joined.pop()
        return tuple(joined)

    def gap(self, dots: int) -> None:
        """White of so many dots, less on narrow paper."""
        self._pieces.append(Feed(dots if self._wide else dots * 3 // 4))

    def picture(self, image: Image.Image) -> None:
        """A logo."""
        self._pieces.append(Dots(aligned(image, "center"), fixed=True))
        self.gap(12)

    def rule(self) -> None:
        """A thin line across the middle of the paper, where something stands above it."""
        if self._pieces:
            self.gap(12)
            self._pieces.append(Dots(_rule(self._profile.width_dots // 2 // 8 * 8)))
            self.gap(14)

    def words(self, text: str, style: Style, after: int = 4, fixed: bool = False) -> None:
        """A text in one style, in as many lines as it takes."""
        line = clean(text)
        if not line:
            return
        pieces = None
        direction = direction_of(line, self._slip.direction)
        if self._profile.native_text and direction == "ltr":
            pieces = native_lines(line, style, self._profile)
        if pieces is None:
            size = style.size if self._wide else style.narrow
            language = script_language(line, self._slip.language)
            pieces = list(shaped_lines(line, style, size, self._profile.width_dots, direction, language, fixed))
        self._pieces += pieces
        self.gap(after)

    def number(self, number: str) -> None:
        """The ticket's number, as large as the paper carries; of several lines each on its own."""
        self.gap(26)
        for line in clean_lines(number):
            self._number_line(line)
        self.gap(26)

    def _number_line(self, text: str) -> None:
        side = min(8, self._profile.columns // max(1, len(text)))
        own = native(text, self._profile.code_page, side, side, True, "center")
        if self._profile.native_text and own is not None and side > 2:
            self._pieces.append(own)
        else:
            size = NUMBER.size if self._wide else NUMBER.narrow
            drawn = shaped_lines(text, NUMBER, size, self._profile.width_dots, "ltr", self._slip.language, False)
            # The drawn number is cropped to its ink, where letters in cells have white of their own.
            self._pieces += [Feed(12), *(piece for piece in drawn if isinstance(piece, Dots)), Feed(12)]

    def code(self, address: str) -> None:
        """The QR code with the white that scanners need above and below it."""
        data = clean(address).encode("utf-8")
        share = _QR_SHARE if self._wide else _QR_SHARE_NARROW
        module = max(3, min(8, int(self._profile.width_dots * share / modules(data))))
        quiet = Feed(max(_QUIET * module, 24))
        drawn = Code(data, module) if self._profile.native_qr else Dots(aligned(qr_image(data, module), "center"))
        self._pieces += [quiet, drawn, quiet]

    def foot(self, help_line: str | None, footer: str | None) -> None:
        """The help line and the manager's text, under a thin line."""
        if help_line or footer:
            self.rule()
        self.words(help_line or "", HELP, fixed=True)
        for line in clean_lines(footer or ""):
            self.words(line, NOTE, fixed=True)


@lru_cache(maxsize=8)
def _rule(width: int) -> Image.Image:
    return Image.new("1", (width, _RULE), 255)
