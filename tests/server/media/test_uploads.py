"""What may be shown in the hall: pictures and films, made ready and without what was written into them; nothing else."""

from __future__ import annotations

import io
import random
import re
import threading
from pathlib import Path

import av
import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from server import beside, media
from server.editing import audit
from server.errors import Refused
from server.media import converting, uploads
from server.unit import Unit
from tests.server.media.films import film, photograph


def put(unit: Unit, content: bytes, name: str = "affiche.jpg") -> media.Item:
    id = media.keep(unit, "person:9", FileStorage(io.BytesIO(content), name))
    with unit.reading() as conn:
        return next(one for one in media.items(conn) if one.id == id)


def kept(unit: Unit, one: media.Item) -> Path:
    path = media.path_of(unit.folder, one.file or "")
    assert path is not None
    return path


@pytest.mark.parametrize("turned", [False, True])
def test_a_photograph_is_kept_upright_as_large_as_a_screen_and_without_what_the_telephone_wrote_in_it(
    unit: Unit, turned: bool
) -> None:
    one = put(unit, photograph(turned=turned))
    content = kept(unit, one).read_bytes()
    assert not any(secret in content for secret in (b"TELEPHONE", b"SECRET", b"Exif"))
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == ((1280, 1920) if turned else (1920, 1280))
    assert (one.kind, one.name) == ("image", "affiche")


@pytest.mark.parametrize(("form", "codec"), [("mp4", "libx264"), ("webm", "libvpx-vp9")])
def test_a_film_is_kept_without_sound_and_without_what_was_written_in_it(unit: Unit, form: str, codec: str) -> None:
    one = put(unit, film(form, codec), "film." + form)
    path = kept(unit, one)
    assert b"SECRET" not in path.read_bytes()
    with av.open(str(path)) as made:
        assert (len(made.streams.video), len(made.streams.audio)) == (1, 0)
        assert sum(1 for _ in made.decode(video=0)) == 20
    assert (one.kind, one.times.seconds) == ("video", 3), "as long as the film, and three seconds at least"


def test_what_is_no_picture_and_no_film_is_refused_in_a_sentence(unit: Unit) -> None:
    noise = random.Random(1).randbytes(40_000)
    wrong = {
        b"": uploads.NoFile,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>": uploads.NotMedia,
        b"<!doctype html><script>alert(1)</script>": uploads.NotMedia,
        noise: uploads.NotMedia,
        b"\xff\xd8\xff\xe0" + noise: uploads.NotMedia,
        b"\x89PNG\r\n\x1a\n" + noise: uploads.NotMedia,
        b"\x00\x00\x00\x18ftypmp42" + noise: uploads.NotMedia,
        b"\x1a\x45\xdf\xa3" + noise: uploads.NotMedia,
        photograph()[:2000]: uploads.NotMedia,
        film(codec="mpeg4"): uploads.NotMedia,
    }
    for content, refusal in wrong.items():
        with pytest.raises(refusal):
            put(unit, content, "a.png")
    with unit.reading() as conn:
        assert media.items(conn) == []
    assert list(unit.folder.glob(".media-*")) == []
    assert list((unit.folder / "media").glob("*")) == []


@pytest.mark.parametrize(
    ("mode", "pixels"),
    [("RGBA", converting.MOST_TRANSPARENT_PIXELS), ("LA", converting.MOST_TRANSPARENT_PIXELS), ("RGB", converting.MOST_PIXELS)],
)
def test_the_largest_picture_fits_into_the_memory_that_is_left_beside_the_server(tmp_path: Path, mode: str, pixels: int) -> None:
    """It lies on its side, so that it has to be turned."""
    image = Image.new(mode, (10_000, pixels // 10_000))
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "source", "PNG", compress_level=1, exif=exif)
    assert uploads._converted(tmp_path / "source", tmp_path / "target")["kind"] == "image"
    with Image.open(tmp_path / "target") as made:
        assert max(made.size) == made.height == 1920
    unit = (Path(__file__).resolve().parents[3] / "systemd" / "istiqbal.service").read_text()
    most = re.search(r"^MemoryMax=(\d+)G$", unit, flags=re.M)
    assert most is not None
    there = int(most[1]) * 2**30
    assert there * 2 / 3 >= converting.MEMORY


def test_one_upload_is_read_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2, timeout=0.5)
    alone = []

    def reader(*_: object, **__: object) -> None:
        try:
            both.wait()
        except threading.BrokenBarrierError:
            alone.append(True)
        raise uploads.NotMedia

    monkeypatch.setattr(uploads.subprocess, "run", reader)

    def upload() -> None:
        with pytest.raises(uploads.NotMedia):
            uploads._converted(tmp_path / "source", tmp_path / "target")

    threads = [threading.Thread(target=upload) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert alone == [True, True]


def test_a_reader_goes_before_the_server_when_memory_runs_out(tmp_path: Path) -> None:
    told = tmp_path / "oom_score_adj"
    for server, reader in (("-500", "0"), ("0", "0"), ("300", "300")):
        told.write_text(f"{server}\n")
        beside.go_first(told)
        assert told.read_text().strip() == reader


def test_a_picture_of_a_billion_dots_is_refused_before_it_is_unpacked(unit: Unit) -> None:
    out = io.BytesIO()
    Image.new("1", (40_000, 30_000)).save(out, "PNG")
    with pytest.raises(uploads.NotMedia):
        put(unit, out.getvalue(), "bomb.png")


def test_what_is_too_large_is_refused_and_the_sentence_says_how_large_it_may_be(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(uploads.MediaTooLarge, match="15 MB and a film 60 MB"):
        put(unit, photograph() + bytes(15 * 1024 * 1024))
    monkeypatch.setattr(uploads, "LARGEST_ALL_MB", 0)
    with pytest.raises(uploads.NoRoom):
        put(unit, photograph())


def test_names_that_lead_out_of_the_folder_find_nothing(unit: Unit) -> None:
    for name in ("../unit.db", "..%2funit.db", "unit.toml", "a" * 24 + ".svg", ".media-x", ""):
        assert media.path_of(unit.folder, name) is None


def test_the_same_file_twice_stays_until_the_second_is_removed_and_every_change_is_in_the_journal(unit: Unit) -> None:
    first, second = put(unit, photograph()), put(unit, photograph())
    assert first.file == second.file
    gone = [unit.writer.run(lambda conn, id=one.id: media.remove(conn, unit.journal, "person:9", id)) for one in (first, second)]
    assert gone == [None, first.file]
    with unit.reading() as conn:
        changes = audit.entries(conn, what="media")
    assert [(one.id, one.before is None, one.after is None) for one in changes] == [
        (second.id, False, True),
        (first.id, False, True),
        (second.id, True, False),
        (first.id, True, False),
    ]


def test_items_are_moved_timed_and_counted(unit: Unit) -> None:
    def add(text: str) -> int:
        return unit.writer.run(lambda conn: media.add_text(conn, unit.journal, "person:9", {"fr": text}))

    ids = [add(text) for text in "abc"]
    unit.writer.run(lambda conn: media.move(conn, unit.journal, "person:9", ids[2], -1))
    unit.writer.run(lambda conn: media.move(conn, unit.journal, "person:9", ids[0], -1))
    with unit.reading() as conn:
        assert [one.name for one in media.items(conn)] == ["a", "c", "b"]
    for wrong in (
        {"begins": "2026-13-01"},
        {"begins": "2026-12-02", "ends": "2026-12-01"},
        {"since": "25:00"},
        {"since": "10:00", "until": "09:00"},
        {"seconds": "0"},
        {"seconds": "١٢"},
        {"seconds": "601"},
    ):
        with pytest.raises(media.BadTimes):
            media.checked_times(wrong)
    for text in ({"fr": "  "}, {"fr": "x" * 301}):
        with pytest.raises(Refused):
            unit.writer.run(lambda conn, text=text: media.add_text(conn, unit.journal, "person:9", text))
    for _ in range(media.MOST_ITEMS - 3):
        add("x")
    with pytest.raises(Refused, match="at most 40"):
        add("one more")
