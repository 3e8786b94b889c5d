"""The portal over HTTPS, as docs/portal-contract.md describes it.

An answer that is neither the contract's JSON nor a problem document (a captive portal's page, a proxy that cut the body) counts
as no answer at all.
"""

from __future__ import annotations

import email.utils
import gzip
import json
import ssl
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import urllib3
from urllib3.exceptions import HTTPError

from portal import contract
from server.errors import N_, UnitError
from server.settings import PortalSettings
from server.sync.adapters import BatchRefused, Owed, SyncFailed, SyncPaused, Verdict
from server.sync.certificates import read

CONNECT_S, READ_S = 10.0, 60.0
LARGEST_ANSWER = 2 * 1024 * 1024
TOKEN_MARGIN_S = 30.0
NO_ANSWER = N_("The portal could not be reached: %(detail)s")
NOT_OURS = N_("Something else answered in the portal's place (a network's sign-in page, or a proxy).")
WAIT = N_("The portal asks to wait (status %(status)s).")
NOT_LET_IN = N_("The portal does not let this unit in (%(detail)s). Ask the portal's operator, then press “Try again”.")
NOT_THERE = N_("There is no portal of this kind at the address in unit.toml (%(detail)s).")
CLOCK = N_("This machine's clock does not fit the portal's certificate: set the clock, or ask the portal's operator.")
REFUSED = N_("The portal could not read what was sent (%(detail)s).")


class Answer:
    """A status, the headers, and the JSON object of the body, None when it is not one of the contract's."""

    def __init__(self, response: urllib3.BaseHTTPResponse, body: bytes) -> None:
        self.status, self.headers = response.status, response.headers
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
        self.json = _object(body) if kind in ("application/json", "application/problem+json") else None

    @property
    def slug(self) -> str:
        """The last part of a problem's type, such as `not-allowed`."""
        return str((self.json or {}).get("type", "")).rpartition(":")[2]

    @property
    def retry_after_s(self) -> float | None:
        """`Retry-After`, seconds or a date (RFC 9110 section 10.2.3)."""
        text = self.headers.get("Retry-After", "").strip()
        if text.isdigit():
            return float(text)
        when = email.utils.parsedate_tz(text)
        return max(0.0, email.utils.mktime_tz(when) - time.time()) if when else None


class HttpsAdapter:
    """Sends to the portal at `url`; `identify` gives the headers that say who the unit is."""

    def __init__(self, url: str, pool: urllib3.PoolManager, unit: str, secret: str | None = None) -> None:
        self._url, self._pool, self._unit, self._secret = url.rstrip("/"), pool, unit, secret
        self._token: tuple[str, float] | None = None
        self.version: str | None = None

    @classmethod
    def of(cls, settings: PortalSettings, unit: str, folder: Path) -> HttpsAdapter:
        """The adapter of `unit.toml`; raises UnitError when a file it names can't be read."""
        try:
            secret = (folder / settings.client_secret_file).read_text("utf-8").strip() if settings.client_secret_file else None
            context = ssl.create_default_context(cafile=str(folder / settings.ca) if settings.ca else None)
            if settings.certificate and settings.key:
                read(folder / settings.certificate)
                context.load_cert_chain(folder / settings.certificate, folder / settings.key)
        except (OSError, ssl.SSLError) as error:
            raise UnitError(f"A file named under [portal] in unit.toml can't be used: {error}.") from error
        options: dict[str, Any] = {
            "ssl_context": context,
            "timeout": urllib3.Timeout(connect=CONNECT_S, read=READ_S),
            "retries": False,
        }
        pool = urllib3.ProxyManager(settings.proxy, **options) if settings.proxy else urllib3.PoolManager(**options)
        return cls(settings.url or "", pool, unit, secret)

    def send(self, owed: Sequence[Owed]) -> list[Verdict]:
        body = gzip.compress(contract.batch([one.event for one in owed]), compresslevel=6, mtime=0)
        headers = {"Content-Type": contract.BATCH_MEDIA_TYPE, "Content-Encoding": "gzip"}
        answer = self._ask("POST", "/v1/events", body, headers)
        if answer.status in (400, 413) and answer.json:
            raise BatchRefused(REFUSED, detail=answer.slug or answer.status)
        verdicts = self._good(answer, 200).get("verdicts")
        if not isinstance(verdicts, list) or [_text(one, "id") for one in verdicts] != [one.event["id"] for one in owed]:
            raise SyncFailed(NOT_OURS)
        return [Verdict(_text(one, "verdict"), _text(one, "reason"), _text(one, "detail")) for one in verdicts]

    def submit(self, body: Mapping[str, Any], day: str) -> Verdict:
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(body["reference"])}
        answer = self._ask("POST", "/v1/submissions", content, headers)
        if answer.status == 400 and answer.json:
            raise BatchRefused(REFUSED, detail=answer.slug or answer.status)
        if answer.status in (409, 413, 422) and answer.json:
            return Verdict("rejected", answer.slug or str(answer.status), _text(answer.json, "detail"))
        self._good(answer, 200, 201)
        return Verdict("stored" if answer.status == 201 else "duplicate")

    def stage(self, reference: str) -> Mapping[str, Any] | None:
        answer = self._ask("GET", f"/v1/submissions/{reference}/stage")
        if answer.status == 404 and answer.slug == "no-such-submission":
            return None
        return self._good(answer, 200)

    def keys(self) -> Sequence[Mapping[str, Any]] | None:
        keys = self._good(self._ask("GET", "/v1/keys"), 200).get("keys")
        if not isinstance(keys, list) or not all(isinstance(key, dict) and "kid" in key for key in keys):
            raise SyncFailed(NOT_OURS)
        return keys

    def _ask(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One exchange as the unit; with OAuth2, an expired token is fetched anew and the request repeated once."""
        answer = self._exchange(method, path, body, {**(headers or {}), **self._credentials()})
        if answer.status == 401 and answer.json is not None and self._secret is not None:
            self._token = None
            answer = self._exchange(method, path, body, {**(headers or {}), **self._credentials()})
        self.version = answer.headers.get(contract.VERSION_HEADER, self.version)
        return answer

    def _credentials(self) -> dict[str, str]:
        if self._secret is None:
            return {}
        if self._token is None or time.monotonic() > self._token[1]:
            basic = urllib3.make_headers(basic_auth=f"{self._unit}:{self._secret}")
            form = {"Content-Type": "application/x-www-form-urlencoded", **basic}
            found = self._good(self._exchange("POST", "/v1/token", b"grant_type=client_credentials", form), 200)
            lasts = found.get("expires_in")
            seconds = float(lasts) if isinstance(lasts, (int, float)) else 300.0
            self._token = (_text(found, "access_token"), time.monotonic() + max(0.0, seconds - TOKEN_MARGIN_S))
        return {"Authorization": f"Bearer {self._token[0]}"}

    def _exchange(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        sent = {"Accept": "application/json", contract.VERSION_HEADER: contract.VERSION, **headers}
        try:
            response = self._pool.request(
                method, self._url + path, body=body, headers=sent, redirect=False, preload_content=False
            )  # fmt: skip
            content = response.read(LARGEST_ANSWER + 1, decode_content=True)
            response.release_conn()
        except (HTTPError, OSError) as error:
            if _of_the_clock(error):
                raise SyncFailed(CLOCK) from error
            raise SyncFailed(NO_ANSWER, detail=_short(error)) from error
        if len(content) > LARGEST_ANSWER:
            raise SyncFailed(NOT_OURS)
        return Answer(response, content)

    def _good(self, answer: Answer, *statuses: int) -> dict[str, Any]:
        """The body of an answer with one of these statuses; everything else raises as the contract's table says."""
        if answer.json is None:
            raise SyncFailed(NOT_OURS if answer.status < 500 else WAIT, status=answer.status, retry_after_s=answer.retry_after_s)
        if answer.status in statuses:
            return answer.json
        detail = f"{answer.status} {answer.slug}".strip()
        pauses: dict[int, str] = {401: NOT_LET_IN, 403: NOT_LET_IN, 404: NOT_THERE, 415: NOT_THERE}
        if answer.status in pauses:
            raise SyncPaused(pauses[answer.status], detail=detail)
        raise SyncFailed(WAIT, status=answer.status, retry_after_s=answer.retry_after_s)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = orjson.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _text(found: Any, name: str) -> str:
    """A member that should be text; a hostile answer's other types become nothing, its length is bounded."""
    value = found.get(name) if isinstance(found, dict) else None
    return value[:500] if isinstance(value, str) else ""


def _of_the_clock(error: BaseException) -> bool:
    """Whether TLS failed because a certificate is not yet, or no longer, valid (codes 9 and 10 of OpenSSL's x509_vfy.h)."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError) and seen.verify_code in (9, 10):
            return True
        reason = getattr(seen, "reason", None)
        seen = reason if isinstance(reason, BaseException) else seen.__cause__ or seen.__context__
    return False


def _short(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200]
