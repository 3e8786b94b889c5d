"""The process that reads an uploaded picture or film: `python -m server.media.converting FILE OUT`.

Writes the file as displays show it to OUT and `{"kind", "suffix", "seconds"}` to stdout; exit code NOT_SHOWN when it is
neither. Memory and time are limited: a file made to harm harms only this process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import av
from PIL import Image, ImageOps

from server import beside
from server.media.kinds import looks_like

NOT_SHOWN = 3
MEMORY = 640 << 20
"""Address space: enough for the largest pictures, and beside the server within MemoryMax=1G of its unit."""
CPU_S = 40
SCREEN = 1920
"""Pixels of the longer side that a picture is kept with: it fills at most half of a 4K screen."""
MOST_PIXELS = 60_000_000
MOST_TRANSPARENT_PIXELS = 40_000_000
"""Where the ground is transparent, making a picture small needs as much memory again as it has itself."""
IMAGES = ("JPEG", "PNG", "WEBP", "GIF")
WEBP_QUALITY = 88
CODECS = {"h264": ("yuv420p", "yuvj420p"), "vp8": ("yuv420p",), "vp9": ("yuv420p",), "av1": ("yuv420p",)}
"""Codecs and pixel formats that Chromium plays on any machine."""
LARGEST_SIDE = 4096
LONGEST_S = 600


class NotShown(Exception):
    """No picture and no film that a display can show."""


def convert(source: Path, target: Path) -> dict[str, Any]:
    """Write `source` as displays show it; raises NotShown."""
    with source.open("rb") as file:
        found = looks_like(file.read(16))
    if found is None:
        raise NotShown
    return _image(source, target) if found == "image" else _video(source, target, found)


def _image(source: Path, target: Path) -> dict[str, Any]:
    """Upright, no larger than a screen, and without anything that was written into the file besides the picture."""
    try:
        with Image.open(source, formats=IMAGES) as image:
            if image.width * image.height > (MOST_TRANSPARENT_PIXELS if image.has_transparency_data else MOST_PIXELS):
                raise NotShown
            image.draft("RGB", (SCREEN, SCREEN))
            image.load()
            mode = "RGBA" if image.has_transparency_data else "RGB"
            upright: Image.Image = image
            if image.mode != mode:
                upright = image.convert(mode)
                image.close()  # its memory is needed
            upright.thumbnail((SCREEN, SCREEN))  # before it is turned: turning needs as much memory again
            ImageOps.exif_transpose(upright, in_place=True)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotShown from error
    upright.info.clear()
    upright.save(target, "WEBP", quality=WEBP_QUALITY)
    return {"kind": "image", "suffix": "webp", "seconds": None}


def _video(source: Path, target: Path, container: str) -> dict[str, Any]:
    """Its pictures alone, copied as they are: no sound, no place, no name of a telephone."""
    try:
        with av.open(str(source), format="mp4" if container == "mp4" else "matroska") as film:
            if not film.streams.video:
                raise NotShown
            stream = film.streams.video[0]
            seconds = (film.duration or 0) / av.time_base
            if stream.format is None or stream.format.name not in CODECS.get(stream.codec_context.name, ()):
                raise NotShown
            if max(stream.width, stream.height) > LARGEST_SIDE or not 0 < seconds <= LONGEST_S:
                raise NotShown
            _copy(film, stream, target, container)
    except (av.FFmpegError, ValueError) as error:
        raise NotShown from error
    return {"kind": "video", "suffix": container, "seconds": seconds}


def _copy(film: Any, stream: Any, target: Path, container: str) -> None:
    options = {"movflags": "+faststart"} if container == "mp4" else {}
    with av.open(str(target), "w", format=container, options=options) as out:
        copy = out.add_stream_from_template(stream)
        copy.metadata.clear()
        for packet in film.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                out.mux(packet)


def main(source: str, target: str) -> int:
    beside.go_first()
    beside.limit(MEMORY, CPU_S)
    try:
        print(json.dumps(convert(Path(source), Path(target))))
    except (NotShown, MemoryError):
        return NOT_SHOWN
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
