import json
from dataclasses import replace

import pytest

from printers.slip import Layout, Slip
from tests.printers.samples import ARABIC, SLIPS


@pytest.mark.parametrize("slip", SLIPS)
def test_it_comes_back_from_json_as_it_was(slip: Slip) -> None:
    slip = replace(slip, logo=b"\x89PNG\0\xff", layout=Layout(qr=False))
    assert Slip.from_json(json.loads(json.dumps(slip.to_json()))) == slip


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"colour": "red"}, "colour"),
        ({"direction": "up"}, "direction"),
        ({"layout": {"kitchen": True}}, "kitchen"),
        ({"layout": {"qr": "yes"}}, "qr"),
    ],
)
def test_it_says_what_is_no_slip(change: dict[str, object], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        Slip.from_json({**ARABIC.to_json(), **change})


def test_it_says_that_a_part_is_missing() -> None:
    data = ARABIC.to_json()
    del data["number"]
    with pytest.raises(ValueError, match="number"):
        Slip.from_json(data)
