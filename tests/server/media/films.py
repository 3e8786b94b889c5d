"""Pictures and films as telephones and cameras make them, for tests."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import av
from PIL import Image


def photograph(width: int = 3000, height: int = 2000, turned: bool = False) -> bytes:
    """A JPEG with the place it was taken at and a comment written into it; `turned` says by EXIF that it lies on its side."""
    image = Image.new("RGB", (width, height), "#0c5a46")
    exif = image.getexif()
    exif[0x010F] = "TELEPHONE-MAKER"
    exif.get_ifd(0x8825)[2] = (33.0, 58.0, 0.0)
    if turned:
        exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"A-SECRET-COMMENT")
    return out.getvalue()


def film(form: str = "mp4", codec: str = "libx264", seconds: int = 2, sound: bool = True) -> bytes:
    """A small film with a title, a place and, mostly, a sound."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        container.metadata["title"] = "A-SECRET-TITLE"
        pictures: Any = container.add_stream(codec, rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 320, 240, "yuv420p"
        voice: Any = container.add_stream("aac" if form == "mp4" else "libopus", rate=48000) if sound else None
        for number in range(10 * seconds):
            frame = av.VideoFrame(320, 240, "rgb24")
            for plane in frame.planes:
                plane.update(bytes([number * 10 % 256]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(pictures.encode(frame.reformat(format="yuv420p")))
        container.mux(pictures.encode())
        if voice is not None:
            quiet = av.AudioFrame(format="fltp", layout="stereo", samples=960)
            for plane in quiet.planes:
                plane.update(bytes(plane.buffer_size))
            quiet.sample_rate, quiet.pts = 48000, 0
            container.mux(voice.encode(quiet))
            container.mux(voice.encode())
    return out.getvalue()
