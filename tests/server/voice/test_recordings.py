"""The site's own recordings, as a manager's form sends them."""

from __future__ import annotations

import io
import math
import re
import struct
import wave
from array import array
from typing import Any

import pytest
from flask.testing import FlaskClient
from urllib3.filepost import encode_multipart_formdata

from server.app import Server
from server.operations.admitting import new_person
from server.voice.sound import LOUDNESS, RATE, Sound, as_opus, decode
from tests.server.setup.forms import revision

LARGE = 3 * 1024 * 1024


def tone(seconds: float, loud: float = 0.05, silence: float = 0.5, rate: int = 44100) -> bytes:
    """A stereo WAV file: silence, a tone, silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        quiet = bytes(4 * int(silence * rate))
        levels = (int(32767 * loud * math.sin(2 * math.pi * 440 * at / rate)) for at in range(int(seconds * rate)))
        file.writeframes(quiet + b"".join(struct.pack("<hh", level, level) for level in levels) + quiet)
    return out.getvalue()


def browser(server: Server) -> FlaskClient:
    """A browser on our own pages, as it says itself with each form."""
    client = server.app.test_client()
    client.environ_base["HTTP_ORIGIN"] = "http://localhost"
    return client


@pytest.fixture
def manager(server: Server) -> FlaskClient:
    """A browser in which a manager has signed in."""
    new_person(server.unit.folder, "brahim", "Brahim", "manager", "a good password")
    client = browser(server)
    client.post("/sign-in", data={"login": "brahim", "password": "a good password"})
    return client


def upload(manager: FlaskClient, name: str, content: bytes) -> Any:
    body, kind = encode_multipart_formdata({"recording": ("n-4.wav", content)})
    return manager.post(f"/manager/voice/clip/{name}?lang=en", data=body, content_type=kind)


def events(server: Server) -> list[str]:
    with server.unit.reading() as conn:
        rows = conn.execute("SELECT data FROM events WHERE type = 'setup_changed' ORDER BY seq")
        return [data for (data,) in rows if data.startswith('{"what":"voice"')]


def test_a_recording_takes_the_place_of_the_packaged_clip_until_it_is_deleted(server: Server, manager: FlaskClient) -> None:
    packaged = server.voice.find("ar/n-4")
    assert upload(manager, "ar/n-4", tone(1.0)).status_code == 303
    kept = server.voice.find("ar/n-4")
    assert kept is not None
    assert packaged is not None
    assert kept.source == "site"
    assert manager.get(kept.address).data == kept.path.read_bytes()
    assert "Recorded here" in manager.get("/manager/voice/clip/ar/n-4?lang=en").text
    assert manager.post("/manager/voice/clip/ar/n-4", data={"delete": "1"}).status_code == 303
    assert server.voice.find("ar/n-4") == packaged
    assert [data.split('"before"')[1] for data in events(server)] == [':"packaged","after":"site"}', ':"site","after":"packaged"}']


def test_a_clip_is_named_by_what_is_said_not_by_its_file(manager: FlaskClient) -> None:
    """The file's name stays in addresses alone."""
    for page in (
        "/manager/voice?clips=fr&lang=fr",
        "/manager/voice/clip/fr/n-4?lang=fr",
        "/manager/voice/clip/fr/letter-a?lang=fr",
    ):
        shown = re.sub(r"<[^>]*>", " ", manager.get(page).text)
        assert re.findall(r"\b(?:letter|n|and)-[a-z0-9]+\b|\bchime\b", shown) == [], page
    assert "quatre" in manager.get("/manager/voice/clip/fr/n-4?lang=fr").text


def test_a_recording_is_trimmed_and_made_as_loud_as_the_others(server: Server, manager: FlaskClient) -> None:
    upload(manager, "fr/n-80", tone(1.0, loud=0.04))
    kept = server.voice.find("fr/n-80")
    assert kept is not None
    sound = decode(kept.path.read_bytes())
    assert sound.seconds == pytest.approx(1.04, abs=0.06)
    assert sound.loudness == pytest.approx(LOUDNESS, rel=0.2)


@pytest.mark.parametrize("format", ["mp3", "mp4", "ogg", "wav"])
def test_what_telephones_and_recorders_write_is_read(server: Server, manager: FlaskClient, format: str) -> None:
    import av

    codecs = {"mp3": "libmp3lame", "mp4": "aac", "ogg": "libopus", "wav": "pcm_s16le"}
    out = io.BytesIO()
    with av.open(out, "w", format=format) as container:
        stream = container.add_stream(codecs[format], rate=48000)
        resampler = av.AudioResampler(format=stream.format, layout=stream.layout, rate=48000)
        with av.open(io.BytesIO(tone(0.6, loud=0.3)), "r") as source:
            fifo = av.AudioFifo()
            for frame in source.decode(audio=0):
                for piece in resampler.resample(frame):
                    piece.pts = None
                    fifo.write(piece)
            while piece := fifo.read(stream.frame_size or 1024, partial=True):
                container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    assert upload(manager, "zgh/n-1", out.getvalue()).status_code == 303


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 422, "Choose a file with a recording first."),
        (b"this is no sound" * 50, 422, "Nothing can be heard in this file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), 422, "Nothing can be heard in this file"),
        (b"OggS" + bytes(3000), 422, "Nothing can be heard in this file"),
        (tone(0.0, silence=2), 422, "Nothing can be heard in this file"),
        (tone(10.5, rate=8000), 422, "longer than 10 seconds"),
        (bytes(LARGE), 413, "too large for a recording; choose one of at most 2 MB"),
    ],
    ids=["nothing", "text", "picture", "broken", "silence", "too long", "too large"],
)
def test_what_is_no_recording_is_refused_in_a_sentence(
    server: Server, manager: FlaskClient, content: bytes, status: int, sentence: str
) -> None:
    response = upload(manager, "ar/n-4", content)
    assert response.status_code == status
    assert sentence in response.text
    found = server.voice.find("ar/n-4")
    assert found is not None
    assert found.source == "packaged"
    assert events(server) == []


def test_a_clip_that_no_call_says_can_not_be_recorded(server: Server, manager: FlaskClient) -> None:
    for name in ("ar/n-10000", "en/n-4", "../unit", "ar/../../unit", "ar/letter-é"):
        assert upload(manager, name, tone(0.5)).status_code == 404, name
        assert manager.get(f"/manager/voice/clip/{name}").status_code == 404, name
    assert not (server.unit.folder / "voice").exists()


def test_nobody_but_a_manager_may_record(server: Server) -> None:
    assert upload(browser(server), "ar/n-4", tone(0.5)).status_code == 401


def test_the_settings_are_kept_or_refused_in_a_sentence(server: Server, manager: FlaskClient) -> None:
    form: dict[str, Any] = {
        "language": ["zgh", "", "fr"],
        "repeats": "2",
        "since": ["08:00", "12:30", ""],
        "level": ["70", "35", ""],
    }
    form["revision"] = revision(manager.get("/manager/voice").text)
    assert manager.post("/manager/voice?lang=en", data=form).status_code == 303
    page = manager.get("/manager/voice?lang=en").text
    assert 'value="12:30"' in page
    assert '"languages":["zgh","fr"],"visitor_first":false,"repeats":2' in events(server)[-1]
    for wrong, sentence in (
        ({"since": ["8h"], "level": ["70"]}, "Write each hour as 08:30"),
        ({"since": ["08:00"], "level": ["101"]}, "0 to 100"),
        ({"since": ["08:00"], "level": [""]}, "0 to 100"),
        ({"since": ["08:00", "08:00"], "level": ["5", "6"]}, "The hour 08:00 is there twice."),
        ({"since": [""], "level": [""]}, "Say at least once how loud"),
    ):
        response = manager.post("/manager/voice?lang=en", data={**form, **wrong})
        assert response.status_code == 422
        assert sentence in response.text
    assert len(events(server)) == 1


def test_the_test_button_tells_the_displays(server: Server, manager: FlaskClient) -> None:
    assert manager.post("/manager/voice/test").status_code == 303
    with server.unit.reading() as conn:
        found = conn.execute("SELECT COUNT(*) FROM events WHERE type = 'voice_tested'").fetchone()
    assert found == (1,)


def test_sound_goes_through_opus_and_back() -> None:
    samples = array("f", (0.3 * math.sin(2 * math.pi * 300 * at / RATE) for at in range(RATE)))
    back = decode(as_opus(Sound(samples)))
    assert back.seconds == pytest.approx(1.0, abs=0.03)
