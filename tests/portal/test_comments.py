"""What visitors add to a rating is read by officers of that administration alone, and each look is written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.contract import sealing
from portal.pages.words import LANGUAGES, WORDS
from portal.store.database import Connection
from portal.submissions.comments import NEWEST, PAGE
from tests.portal.sender import Sender, random_id
from tests.portal.test_submissions import Desk, desk, other

__all__ = ["desk", "other"]
TEXT = "الانتظار طويل، والموظفة لطيفة"


def commented(
    sender: Sender, text: str, score: int = 2, at: datetime | None = None, reference: str | None = None
) -> dict[str, Any]:
    """A rating with a comment, sealed as the contract says."""
    visit = random_id()
    key = sender.client.get("/v1/keys").get_json()["keys"][0]
    sealed = sealing.seal({"reference": reference or visit.upper(), "text": text}, key)
    return sender.rating(score, at, visit=visit, comment=sealed)


def stored(sender: Sender, *events: dict[str, Any]) -> None:
    assert set(sender.verdicts(events)) == {"stored"}


def test_an_officer_reads_it_with_unit_day_and_score_and_neither_visit_nor_hour(sender: Sender, desk: Desk) -> None:
    at = datetime.now(UTC).replace(hour=11, minute=37) - timedelta(days=1)
    event = commented(sender, TEXT, 2, at)
    stored(sender, event, sender.rating(4))
    sealed_page = desk.get("/comments").text
    assert TEXT not in sealed_page
    assert "الملحقة السادسة" in sealed_page
    page = desk.post("/comments").text
    assert TEXT in page
    assert f"{at:%d/%m/%Y}" in page
    assert '<td class="number">2</td>' in page
    assert '<td class="number">4</td>' not in page, "a rating without a comment is none of this page's"
    for telling in (event["data"]["visit"], event["data"]["visit"].upper(), event["id"], ":37"):
        assert telling not in page.partition("<table>")[2].partition("</table>")[0]
    assert 'href="/comments"' in desk.get("/").text, "the menu leads there"


def test_each_look_is_written_down_with_what_was_opened_and_shown(sender: Sender, desk: Desk, conn: Connection) -> None:
    events = [commented(sender, TEXT) for _ in range(2)]
    stored(sender, *events)
    desk.get("/comments")
    assert conn.execute("SELECT count(*) FROM comment_looks").fetchone() == (0,), "nothing was opened yet"
    page = desk.post("/comments").text
    ((login, administration, opened),) = conn.execute("SELECT officer, administration, events FROM comment_looks").fetchall()
    assert (login, administration, sorted(opened)) == ("salma", "Commune de Rabat", sorted(one["id"] for one in events))
    assert WORDS["last_looks"]["ar"] in page
    assert "salma" in page


def test_another_administration_sees_neither_the_comment_nor_who_read_it(sender: Sender, desk: Desk, other: Desk) -> None:
    stored(sender, commented(sender, TEXT))
    desk.post("/comments")
    for page in (other.get("/comments").text, other.post("/comments").text):
        assert WORDS["no_comments"]["ar"] in page
        assert TEXT not in page
        assert "salma" not in page


def test_what_can_not_be_opened_says_so_and_holds_up_none_of_the_others(sender: Sender, desk: Desk, folder: Any) -> None:
    stored(sender, commented(sender, TEXT), commented(sender, "moved from another visit", reference=random_id().upper()))
    page = desk.post("/comments").text
    assert (page.count(WORDS["cant_open"]["ar"]), TEXT in page, "moved" in page) == (1, True, False)
    for path in (folder / "keys").glob("*.json"):
        path.unlink()
    got = desk.post("/comments")
    assert (got.status_code, got.text.count(WORDS["cant_open"]["ar"])) == (200, 2)


def test_it_comes_in_pages_the_newest_first(sender: Sender, desk: Desk) -> None:
    now = datetime.now(UTC)
    stored(sender, *(commented(sender, f"comment {n:02}", at=now - timedelta(hours=PAGE + 5 - n)) for n in range(PAGE + 5)))
    first, second = desk.post("/comments").text, desk.post("/comments?page=2").text
    assert [n for n in range(PAGE + 5) if f"comment {n:02}" in first] == list(range(5, PAGE + 5))
    assert [n for n in range(PAGE + 5) if f"comment {n:02}" in second] == list(range(5))
    assert first.index(f"comment {PAGE + 4}") < first.index("comment 05")
    assert ("?page=2" in first, "?page=1" in second, "?page=3" in second) == (True, True, False)
    for nonsense in ("0", "-1", "x", "99999", "9" * 30, "٢", "1\0"):
        assert desk.get("/comments", query_string={"page": nonsense}).status_code == 200


def test_strangers_words_can_do_nothing_on_the_page(sender: Sender, desk: Desk) -> None:
    stored(sender, commented(sender, "<script>alert(1)</script> a\u202egnp.exe\x1b[31m"))
    got = desk.post("/comments")
    assert "<script>" not in got.text
    assert "⟦U+202E⟧gnp.exe␛" in got.text
    assert got.headers["Cache-Control"] == "no-store"


def test_a_form_of_another_site_opens_nothing(sender: Sender, desk: Desk, conn: Connection) -> None:
    stored(sender, commented(sender, TEXT))
    assert desk.post("/comments", headers={"Origin": "https://evil.example"}).status_code == 403
    assert conn.execute("SELECT count(*) FROM comment_looks").fetchone() == (0,)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_shows_in_every_language(sender: Sender, desk: Desk, lang: str) -> None:
    stored(sender, commented(sender, TEXT))
    page = desk.post(f"/comments?lang={lang}").text
    assert f'lang="{lang}" dir="{LANGUAGES[lang][1]}"' in page
    assert WORDS["comments"][lang] in page
    for other_language in set(LANGUAGES) - {lang}:
        assert f"/comments?lang={other_language}" in page


MANY = """
INSERT INTO events(stream, sequence, id, kind, at, service, joined)
SELECT stream, 1000 + n, 'many' || n, 'served', now(), 'etat-civil', now() FROM streams, generate_series(1, 20000) n
"""


def test_the_newest_are_found_by_an_index_and_not_by_reading_every_event(conn: Connection, sender: Sender) -> None:
    stored(sender, commented(sender, TEXT))
    conn.execute(MANY)
    conn.execute("ANALYZE events, streams, units")
    plan = "\n".join(row[0] for row in conn.execute(f"EXPLAIN {NEWEST}".encode(), ("Commune de Rabat", PAGE + 1, 0)))
    assert "_at_idx" in plan
