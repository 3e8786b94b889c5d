"""docs/portal-contract.md says all that whoever writes an adapter needs, and what it says is so."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from portal import contract
from server import sync
from server.settings import PortalSettings
from server.sync import Adapter, SyncFailed, adapters
from server.sync.outbox import as_event
from server.unit import Unit
from server.visits import Order
from tests.conftest import KIOSK

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "portal-contract.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## Writing an adapter for the unit\n")[2].partition("\n## ")[0]
METHODS = ("send", "submit", "stage", "keys")


@pytest.fixture
def example(tmp_path: Path) -> Adapter:
    """The adapter of the page, its files in `tmp_path / "lines"`."""
    (code,) = re.findall(r"```python\n(.*?)```", SECTION, flags=re.S)
    names: dict[str, Any] = {"__name__": "lines"}
    exec(compile(code, "docs/portal-contract.md", "exec", dont_inherit=True), names)
    made: Adapter = names["LinesAdapter"](tmp_path / "lines")
    return made


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_pages_adapter_gets_everything_once_and_in_order(unit: Unit, example: Adapter, tmp_path: Path) -> None:
    visits = [unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"] for _ in range(3)]
    for visit in visits:
        unit.visits.cancel(visit, KIOSK)
    with pytest.raises(SyncFailed, match=r"events\.jsonl can't be written"):
        sync.drain_unit(unit, example)
    (tmp_path / "lines").mkdir()
    assert sync.drain_unit(unit, example) == 3
    assert [event["data"]["visit"] for event in lines(tmp_path / "lines" / "events.jsonl")] == visits
    assert sync.drain_unit(unit, example) == 0


def test_the_pages_adapter_works_with_the_line_and_takes_submissions(unit: Unit, example: Adapter, tmp_path: Path) -> None:
    (tmp_path / "lines").mkdir()
    sync.Line(unit, example).turn()
    with unit.reading() as conn:
        assert sync.look(conn)["portal"]["fault"] is None
    body = {"reference": "K7QXM2PZA4CDEFGH", "type": "complaint"}
    assert example.submit(body, "2026-11-23").taken
    assert lines(tmp_path / "lines" / "submissions.jsonl") == [body]
    assert example.stage("K7QXM2PZA4CDEFGH") is None


@pytest.mark.parametrize("method", METHODS)
def test_the_page_names_each_method_as_it_is(method: str) -> None:
    said = str(inspect.signature(getattr(Adapter, method))).replace("'", "").replace("(self, ", "(").replace("(self)", "()")
    assert f"`{method}{said}`" in SECTION.replace("\\|", "|")


def test_the_page_leaves_out_no_method_and_no_error() -> None:
    assert {name for name in vars(Adapter) if not name.startswith("_")} == set(METHODS)
    raised = {name for name, one in vars(adapters).items() if inspect.isclass(one) and issubclass(one, SyncFailed)}
    assert {name for name in raised if f"| `{name}(" in SECTION} == raised


def test_the_registry_is_where_the_page_and_the_list_of_contributing_say() -> None:
    source = inspect.getsource(adapters.adapter)
    for name in get_args(PortalSettings.model_fields["adapter"].annotation):
        assert f'"{name}": lambda' in source
    for text in (SECTION, (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        assert "`server/sync/adapters/__init__.py`" in text
    assert Path(inspect.getfile(adapters)).relative_to(ROOT) == Path("server/sync/adapters/__init__.py")


def test_the_page_calls_reserved_what_no_unit_sends() -> None:
    told = {"time": "2026-11-23T09:42:10.250Z", "data": {}}
    words = (*contract.VISIT_EVENTS, "rated")
    sent = {as_event("unit", "id", "epoch", 1, {"type": word, **told})["type"] for word in words}
    rows = [line for line in PAGE.splitlines() if line.startswith("| `ma.istiqbal.")]
    assert set(contract.EVENT_TYPES) - sent == {contract.COUNTS_TYPE}
    for row in rows:
        assert ("reserved, not yet sent by the unit" in row) == (contract.COUNTS_TYPE in row)
    assert len(rows) == 3
    for described in (contract.schema("counts-event"), contract.openapi()["info"]):
        assert "eserved" in described["description"]
