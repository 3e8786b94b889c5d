from dataclasses import replace

import pytest

from printers import Slip, encode
from printers.profiles import load
from printers.receiver.tokens import Token, Tokenizer
from tests.printers.samples import ARABIC, FRENCH, SLIPS, device

PLAIN = replace(ARABIC, documents=(), qr_text=None, footer=None)
"""Unit, service, French subtitle, number, time, people ahead, estimated wait, QR code and help line."""


def tokens(data: bytes) -> list[Token]:
    reader = Tokenizer()
    found = list(reader.feed(data))
    assert reader.waiting == 0
    return found


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize(
    ("name", "width_dots"), [("default", 576), ("default", 384), ("simple", 576), ("simple", 384), ("POS-5890", 384)]
)
def test_it_sends_only_commands_that_exist(slip: Slip, width_dots: int, name: str) -> None:
    found = tokens(encode(slip, load(name, width_dots)))
    assert found[0].name == "ESC @"
    assert "unknown" not in [token.name for token in found]
    assert found[-1].name == ("GS V" if name == "default" else "ESC d")


def test_it_sends_a_ticket_in_few_bytes() -> None:
    assert len(encode(PLAIN, load("default", 576))) <= 9 * 1024
    assert len(encode(FRENCH, load("default", 576))) <= 2 * 1024


def test_it_sends_fewer_where_the_printer_keeps_pictures() -> None:
    printer = device("virtual", graphics="stored")
    printer.keep([ARABIC])
    assert len(encode(ARABIC, printer.profile, printer.stored)) <= 4 * 1024


def test_it_cuts_pictures_into_slices_of_a_hundred_rows() -> None:
    for token in tokens(encode(ARABIC, load("default", 576).raster())):
        if token.name == "GS v 0":
            assert int.from_bytes(token.parameters[3:5], "little") <= 100


def test_it_prints_french_in_the_printers_own_letters() -> None:
    text = b"\n".join(token.raw for token in tokens(encode(FRENCH, load("default", 576))) if token.name == "text")
    assert "Réclamations et renseignements" in text.decode("cp1252")
    assert b"\x1bt\x10" in encode(FRENCH, load("default", 576))


def test_it_draws_french_where_the_printer_has_no_table_for_it() -> None:
    found = tokens(encode(FRENCH, load("simple", 576)))
    assert "text" not in [token.name for token in found]


@pytest.mark.parametrize("part", ["service", "unit", "subtitle", "help_line", "footer", "number", "issued", "qr_text", "duplicate"])
def test_it_lets_nobody_smuggle_commands(part: str) -> None:
    evil = "\x1b@\x1dV\x00\x10\x04\x01Bonjour\x1bp\x00\n\x0c\x9b"
    harmless = [token.name for token in tokens(encode(replace(FRENCH, **{part: "@V Bonjourp"}), load("default", 576)))]  # type: ignore[arg-type]
    smuggled = [token.name for token in tokens(encode(replace(FRENCH, **{part: evil}), load("default", 576)))]  # type: ignore[arg-type]
    assert set(smuggled) <= set(harmless)
    assert smuggled.count("ESC @") == 1
    assert smuggled.count("GS V") == 1


def test_it_lets_nobody_smuggle_commands_through_lists_and_the_qr_code() -> None:
    evil = "\x1b@\x1dV\x00"
    slip = replace(FRENCH, documents=(evil,), facts=((evil, evil),), documents_title=evil, qr=f"https://example.ma/{evil}")
    names = [token.name for token in tokens(encode(slip, load("default", 576)))]
    assert names.count("GS V") == 1
    assert names.count("ESC @") == 1
