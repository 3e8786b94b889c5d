"""`python -m tests.screens.pictures FOLDER [PART …]`: takes them; all parts (`PARTS`)
when none is named. `kiosks=small-strong` takes those of a part whose name has this expression in it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.screens.pictures import displays, guide, kiosks, papers, phones, sheets, staff, tablets
from tests.screens.pictures.studio import studio

PARTS = {
    "kiosks": kiosks.pictures,
    "tablets": tablets.pictures,
    "displays": displays.pictures,
    "phones": phones.pictures,
    "staff": staff.pictures,
    "guide": guide.pictures,
    "papers": papers.pictures,
}


def main(folder: str, *parts: str) -> None:
    for wish in parts or PARTS:
        part, _, only = wish.partition("=")
        out = Path(folder) / part
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="istiqbal-pictures-") as unit, studio(Path(unit) / "unit", out, only) as opened:
            PARTS[part](opened)
        print(f"{part}: {len(list(out.glob('*.png')))} pictures, {len(sheets.make(out))} sheets in {out}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
