"""What a file seems to be by how it begins. Apart from the reader of films, so that the server does not load that one."""

from __future__ import annotations


def looks_like(head: bytes) -> str | None:
    """`image`, or a film's container (`mp4`, `webm`), by a file's first 16 bytes; None for all else."""
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")) or (
        head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    ):
        return "image"
    if head[4:8] == b"ftyp":
        return "mp4"
    return "webm" if head.startswith(b"\x1a\x45\xdf\xa3") else None
