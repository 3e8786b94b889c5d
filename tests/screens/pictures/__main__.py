"""`python -m tests.screens.pictures FOLDER [PART …]`: takes them; all parts (`PARTS`) when none is named.

`kiosks=small-strong` takes those of a part whose name has this expression in it. With `--axe` instead of FOLDER axe looks at each
page instead: it prints each violation, and the command ends with 1 when there was one.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.screens.axe import violations
from tests.screens.pictures import clerks, displays, guide, kiosks, papers, phones, sheets, staff, tablets
from tests.screens.pictures.studio import studio

PARTS = {
    "kiosks": kiosks.pictures,
    "troubles": kiosks.troubles,
    "tablets": tablets.pictures,
    "displays": displays.pictures,
    "phones": phones.pictures,
    "staff": staff.pictures,
    "clerks": clerks.pictures,
    "guide": guide.pictures,
    "papers": papers.pictures,
}
AXE, ON_PAPER = "--axe", ("papers",)


def main(where: str, *parts: str) -> int:
    seen, faults = 0, 0
    for wish in parts or PARTS:
        part, _, only = wish.partition("=")
        if where == AXE and part in ON_PAPER:
            continue
        with tempfile.TemporaryDirectory(prefix="istiqbal-pictures-") as unit:
            out = Path(unit if where == AXE else where) / part
            out.mkdir(parents=True, exist_ok=True)
            with studio(Path(unit) / "unit", out, only, violations if where == AXE else None) as opened:
                PARTS[part](opened)
            seen, faults = seen + opened.seen, faults + len(opened.faults)
            made = f"{len(sheets.make(out))} sheets in {out}" if where != AXE else f"{len(opened.faults)} faults"
            print(f"{part}: {opened.seen} pages, {made}", flush=True)
    print(f"{seen} pages, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or (sys.argv[1].startswith("-") and sys.argv[1] != AXE):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
