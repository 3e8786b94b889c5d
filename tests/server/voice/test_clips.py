"""The packaged clips: none is empty, none too long, all as loud as each other. (Chromium decodes them in screens/test_voice.py.)"""

from __future__ import annotations

import hashlib

import pytest

from server.voice.clips import PACKAGED, manifest
from server.voice.phrases import CHIME
from server.voice.sound import LOUDNESS, Sound, decode


def test_none_is_empty_or_long_and_all_are_as_loud_as_each_other() -> None:
    for name, entry in manifest().items():
        content = (PACKAGED / f"{name}.ogg").read_bytes()
        assert hashlib.sha256(content).hexdigest()[:12] == entry["digest"]
        sound = decode(content)
        assert 0.12 < sound.seconds < 3, name
        assert max(sound.samples) > 0.15, name
        if name != CHIME:
            assert Sound(sound.samples[::16]).loudness == pytest.approx(LOUDNESS, rel=0.4), name
            assert abs(sound.samples[0]) < 0.1, f"{name} begins with a click"
