"""What came on a stick: the folder adapter's files, each checked by its signature, stored as if they had been posted."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from portal import contract, units
from portal.clock import rfc3339
from portal.contract import signing
from portal.errors import Refused
from portal.receiving import reading, storing
from portal.store.database import Connection
from portal.submissions import taking


@dataclass(slots=True)
class Imported:
    """What an import came to: verdicts by word, and a sentence for each file that could not be taken."""

    verdicts: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)


class NotTrusted(Exception):
    """A file without a valid signature of a unit we know."""


def import_folder(
    conn: Connection, folder: Path, now: datetime, unsigned: str | None = None, receipts: Path | None = None
) -> Imported:
    """Take every batch and submission below `folder`, oldest name first; what was taken before is told as duplicate.

    `unsigned` names the unit whose files are taken without a signature. `receipts` is a folder for each file's verdicts; it may
    lie on the stick itself.
    """
    done = Imported()
    for path in sorted(folder.rglob("*.json")):
        if receipts is not None and path.is_relative_to(receipts):
            continue
        try:
            content = path.read_bytes()
            unit = unsigned or _signer(conn, path, content)
            verdicts = _take(conn, unit, path, content, now)
            done.verdicts.update(str(verdict["verdict"]) for verdict in verdicts)
            if receipts is not None:
                receipts.mkdir(parents=True, exist_ok=True)
                receipt = {"imported": rfc3339(now), "verdicts": verdicts}
                (receipts / f"{unit}-{path.name}").write_text(json.dumps(receipt), encoding="utf-8")
        except (NotTrusted, Refused) as error:
            done.refused.append(f"{path}: {error}")
        except OSError as error:
            done.refused.append(f"{path}: {error.strerror}")
    return done


def _signer(conn: Connection, path: Path, content: bytes) -> str:
    """The unit that signed this file. Raises NotTrusted."""
    try:
        signature = path.with_name(path.name + signing.SUFFIX).read_text(encoding="ascii")
        unit = signing.signer(signature)
        key = units.signing_key(conn, unit)
        if key is None:
            raise NotTrusted(f"no signing key of a unit “{unit}” is known here")
        signing.verify(content, signature, key)
    except FileNotFoundError:
        raise NotTrusted("it has no signature") from None
    except (signing.BadSignature, UnicodeDecodeError) as error:
        raise NotTrusted(str(error)) from None
    return unit


def _take(conn: Connection, unit: str, path: Path, content: bytes, now: datetime) -> list[dict[str, Any]]:
    if path.name.startswith("submission-"):
        return [{"id": path.stem.removeprefix("submission-"), **_take_submission(conn, unit, content)}]
    if len(content) > contract.BATCH_BYTES:
        raise Refused("it is too large")
    return [verdict.shown() for verdict in storing.store(conn, unit, reading.parse(content), now)]


def _take_submission(conn: Connection, unit: str, content: bytes) -> dict[str, Any]:
    try:
        said = taking.read(content, unit)
        new = taking.take(conn, unit, said["reference"], said)
    except Refused as refused:
        return {"verdict": "rejected", "reason": refused.slug, "detail": refused.detail or refused.title}
    return {"verdict": "stored" if new else "duplicate"}
