"""The phone page in each state, rating and submission, in every language, on a small phone; light, as all public screens are."""

from __future__ import annotations

from tests.screens.pictures.studio import LANGUAGES, PHONE, Studio


def pictures(studio: Studio) -> None:
    for language in LANGUAGES:
        _of(studio, language)


def _of(studio: Studio, language: str) -> None:
    studio.write("UPDATE legs SET state = 'cancelled' WHERE state IN ('called', 'serving', 'waiting')")
    studio.ticket(language)
    visit = studio.ticket(language)["visit"]
    name = f"phone-{language}"
    with studio.page(f"/t/{visit}", PHONE, device_scale_factor=2) as page:

        def at(path: str, called: str) -> None:
            page.goto(studio.running.url + path)
            studio.take(page, f"{name}-{called}", whole=True)

        at(f"/t/{visit}", "waiting")
        at(f"/t/{visit}?cancel=1", "cancel")
        studio.at(1, "open", "call-next", "start", "finish", "call-next")
        at(f"/t/{visit}", "called")
        studio.at(1, "start")
        at(f"/t/{visit}", "serving")
        studio.at(1, "finish")
        at(f"/t/{visit}", "done")
        at(f"/t/{visit}/rating", "rating")
        page.locator(".faces__one--2").click()
        studio.take(page, f"{name}-rating-why", whole=True)
        page.locator("form button").first.click()
        studio.take(page, f"{name}-rated", whole=True)
        at(f"/s/?lang={language}", "submission-ask")
        at(f"/s/new?lang={language}", "submission-form")
        at(f"/s/ABCDEFGHJKLMNPQR?lang={language}", "submission-unknown")
        missed = studio.ticket(language)["visit"]
        studio.at(1, "call-next", "no-show")
        at(f"/t/{missed}", "missed")
        gone = studio.ticket(language)["visit"]
        studio.running.post(studio.kiosk, f"/visits/{gone}/cancel")
        at(f"/t/{gone}", "cancelled")
        at(f"/t/aaaaaaaaaaaaaaaaaaaaaaaaaa?lang={language}", "unknown")
