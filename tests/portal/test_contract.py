"""The contract stays what units and portals were built for: what was valid stays valid, what was promised stays there."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from portal import contract
from portal.contract import sealing, signing

FROZEN = Path(__file__).parent / "frozen"
RELEASES = sorted(path.name for path in FROZEN.iterdir())
SENT = ("visit-event", "rating-event", "counts-event", "batch", "submission", "submission-text")
"""What a unit sends: later portals must go on taking it. The others are answers: later portals must go on giving them."""
UPPER = ("maximum", "maxLength", "maxItems")
LOWER = ("minimum", "minLength", "minItems")


def frozen(release: str, name: str) -> Any:
    return json.loads((FROZEN / release / name).read_text(encoding="utf-8"))


def types(schema: dict[str, Any]) -> set[str]:
    found = schema.get("type", [])
    return {found} if isinstance(found, str) else set(found)


def narrowed(old: Any, new: Any, at: str = "") -> list[str]:
    """Where `new` refuses something that `old` accepted, as far as keywords tell."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return [] if old == new else [at]
    words = {old["const"]} if "const" in old else set(old.get("enum", []))
    gone = set(old.get("properties", {})) - set(new.get("properties", {}))
    closed = new.get("additionalProperties") is False
    broken = {
        "required": not set(new.get("required", [])) <= set(old.get("required", [])),
        "enum": "enum" in new and not (words and words <= set(new["enum"])),
        "type": bool(types(new)) and not (types(old) and types(old) <= types(new)),
        "additionalProperties": closed and (bool(gone) or old.get("additionalProperties") is not False),
        **{word: word in new and new[word] != old.get(word) for word in ("const", "pattern", "$ref", "uniqueItems")},
        **{word: word in new and new[word] < old.get(word, float("inf")) for word in UPPER},
        **{word: word in new and new[word] > old.get(word, float("-inf")) for word in LOWER},
    }
    found = [f"{at}/{word}" for word, is_broken in broken.items() if is_broken]
    for word in ("properties", "$defs"):
        for name in set(old.get(word, {})) & set(new.get(word, {})):
            found += narrowed(old[word][name], new[word][name], f"{at}/{word}/{name}")
    if "items" in new:
        found += narrowed(old.get("items", {}), new["items"], f"{at}/items")
    return found


def lost(old: dict[str, Any], new: dict[str, Any], at: str = "") -> list[str]:
    """Properties that `old` had and `new` has no more."""
    before, after = old.get("properties", {}), new.get("properties", {})
    found = [f"{at}/{name}" for name in before if name not in after]
    for name in set(before) & set(after):
        found += lost(before[name], after[name], f"{at}/{name}")
    return found + (lost(old["items"], new.get("items", {}), f"{at}/items") if "items" in old else [])


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", contract.SCHEMAS)
def test_it_only_ever_adds_to_a_released_schema(release: str, name: str) -> None:
    old, new = frozen(release, f"{name}.schema.json"), contract.schema(name)
    assert new["$id"] == old["$id"]
    assert lost(old, new) == []
    if name in SENT:
        assert narrowed(old, new) == []
    else:
        assert narrowed(new, old) == [], "an answer became wider than a unit of this release expects"


@pytest.mark.parametrize("release", RELEASES)
def test_it_still_takes_what_was_valid(release: str) -> None:
    for path in sorted((FROZEN / release / "samples").iterdir()):
        jsonschema_rs.validator_for(contract.schema(path.stem)).validate(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("release", RELEASES)
def test_it_keeps_every_way_in_and_every_answer(release: str) -> None:
    old, new = frozen(release, "openapi.json"), contract.openapi()
    for path, ways in old["paths"].items():
        for method, operation in ways.items():
            now = new["paths"][path][method]
            assert set(operation["responses"]) <= set(now["responses"]), path
            assert needed(now) <= needed(operation), path
            if "requestBody" in operation:
                assert set(operation["requestBody"]["content"]) <= set(now["requestBody"]["content"])


def needed(operation: dict[str, Any]) -> set[str]:
    return {one["name"] for one in operation.get("parameters", []) if one.get("required")}


TIGHTER: dict[str, Any] = {
    "a new required field": lambda event: event["properties"]["data"]["required"].append("counter"),
    "a word less": lambda event: event["properties"]["type"]["enum"].pop(),
    "a field less": lambda event: event["properties"]["data"]["properties"].pop("outcome"),
    "a shorter text": lambda event: event["properties"]["data"]["properties"]["service"].update(maxLength=8),
    "another pattern": lambda event: event["$defs"]["id"].update(pattern="^[0-9]+$"),
    "no null any more": lambda event: event["$defs"]["seconds"].update(type="integer"),
    "a higher least": lambda event: event["$defs"]["seconds"].update(minimum=0),
}


@pytest.mark.parametrize("what", TIGHTER)
def test_the_guard_sees_each_kind_of_tightening(what: str) -> None:
    old = contract.schema("visit-event")
    new = copy.deepcopy(old)
    TIGHTER[what](new)
    assert narrowed(old, new) != []


def test_the_guard_lets_additions_pass() -> None:
    old = contract.schema("visit-event")
    new = copy.deepcopy(old)
    new["properties"]["data"]["properties"]["floor"] = {"type": "integer"}
    new["properties"]["type"]["enum"].append("ma.istiqbal.visit.moved.v1")
    new["properties"]["dataschema"] = {"enum": ["urn:istiqbal:schema:visit-event:1", "urn:istiqbal:schema:visit-event:1.1"]}
    assert narrowed(old, new) == []


def test_the_schemas_are_schemas_and_the_batch_is_complete_in_itself() -> None:
    for name in contract.SCHEMAS:
        jsonschema_rs.meta.validate(contract.schema(name))
    validator = jsonschema_rs.validator_for(contract.schema("batch"))
    sample = frozen("1.0", "samples/batch.json")
    assert [event["type"] for event in sample] == list(contract.EVENT_TYPES)
    assert validator.is_valid(sample)
    assert not validator.is_valid([])
    assert not validator.is_valid(sample[:1] * 501)
    assert not validator.is_valid([{**sample[0], "data": {**sample[0]["data"], "clerk": "Salma"}}]), "no room for a name"
    assert not validator.is_valid([{**sample[5], "data": {**sample[5]["data"], "comment": "Salma was rude"}}]), (
        "a comment is sealed"
    )


def a_key(curve: str) -> dict[str, Any]:
    from joserfc.jwk import ECKey, OKPKey

    made = OKPKey.generate_key("X25519") if curve == "X25519" else ECKey.generate_key("P-256")
    return {**made.as_dict(private=True), "kid": curve}


@pytest.mark.parametrize("curve", ["X25519", "P-256"])
def test_a_sealed_text_opens_with_the_portals_key_and_under_its_own_reference_alone(curve: str) -> None:
    key = a_key(curve)
    plain = {"reference": "K7QXM2PZA4CDEFGH", "text": "الانتظار طويل ⵎⵏⵣⴰ", "contact": {"email": "a@example.org"}}
    sealed = sealing.seal(plain, signing.public(key))
    assert "example" not in sealed
    assert sealing.unseal(sealed, plain["reference"], {curve: key}.__getitem__) == plain
    for reference, keys in (("A" * 16, {curve: key}), (plain["reference"], {}), (plain["reference"], {curve: a_key(curve)})):
        with pytest.raises(sealing.CantOpen):
            sealing.unseal(sealed, reference, keys.__getitem__)
    with pytest.raises(sealing.CantOpen):
        sealing.unseal("not.a.jwe.at.all", plain["reference"], {curve: key}.__getitem__)


def test_a_text_is_sealed_up_to_its_limit() -> None:
    key = a_key("X25519")
    sealed = sealing.seal({"reference": "A" * 16, "text": "ش" * 100_000}, key)
    body = {
        "reference": "A" * 16,
        "type": "complaint",
        "source": "urn:istiqbal:unit:u",
        "time": "2026-11-23T09:42:10.250Z",
        "sealed": sealed,
    }
    jsonschema_rs.validator_for(contract.schema("submission")).validate(body)
    assert len(json.dumps(body)) < contract.SUBMISSION_BYTES
    assert len(sealing.unseal(sealed, "A" * 16, {"X25519": key}.__getitem__)["text"]) == 100_000
    for text in ("a" * 100_001, "😀" * 60_000, "\x01" * 50_000):
        with pytest.raises(sealing.TooLong):
            sealing.seal({"reference": "A" * 16, "text": text}, key)


def test_it_seals_to_the_newest_valid_key_and_to_the_last_one_when_all_have_run_out() -> None:
    keys = [
        {"kid": "a", "valid_from": "2026-01-01T00:00:00.000Z", "valid_until": "2027-01-01T00:00:00.000Z"},
        {"kid": "b", "valid_from": "2026-06-01T00:00:00.000Z", "valid_until": "2027-06-01T00:00:00.000Z"},
        {"kid": "c", "valid_from": "2027-05-01T00:00:00.000Z", "valid_until": "2028-06-01T00:00:00.000Z"},
    ]
    assert sealing.newest(keys, "2026-11-23T00:00:00.000Z")["kid"] == "b"
    assert sealing.newest(keys[:2], "2029-11-23T00:00:00.000Z")["kid"] == "b"


@pytest.mark.parametrize("make", [signing.new_signing_key, lambda: a_key("P-256")])
def test_a_signature_holds_for_its_file_and_key_alone(make: Any) -> None:
    key = make()
    signature = signing.sign(b"[]", "rabat-annexe-6", key)
    assert ".." in signature
    assert signing.signer(signature) == "rabat-annexe-6"
    signing.verify(b"[]", signature, signing.public(key))
    signing.verify(b"x" * contract.BATCH_BYTES, signing.sign(b"x" * contract.BATCH_BYTES, "u", key), signing.public(key))
    for content, bad, with_key in ((b"[1]", signature, key), (b"[]", signature, make()), (b"[]", "..", key), (b"[]", "", key)):
        with pytest.raises(signing.BadSignature):
            signing.verify(content, bad, signing.public(with_key))
