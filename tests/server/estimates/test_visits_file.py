"""Files of visits as other systems write them, and `istiqbal estimates evaluate` over one."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from server.estimates.visits_file import BadFile, Columns, read
from tests.server.estimates.invented_halls import BANK, visitors
from tests.server.operations.test_cli import istiqbal, refused

PLAIN = Columns("arrival", "call", "start", "end", "service", "counter", "priority")
HEADING = "arrival,call,start,end,service,counter,priority\n"


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def bank_file(path: Path, days: int) -> Path:
    """An invented bank's visits as a CSV file in local time."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("came", "called", "left", "what"))
        for stay in visitors(BANK, days, seed=2):
            times = (stay.arrival, stay.call, stay.end)
            writer.writerow(
                [*("" if at is None else f"{datetime.fromtimestamp(at, UTC):%d/%m/%Y %H:%M:%S}" for at in times), stay.service]
            )
    return path


def test_it_reads_times_with_and_without_a_zone_and_as_unix_seconds(tmp_path: Path) -> None:
    text = HEADING + "2026-03-02 09:00,2026-03-02T09:10:00Z,1772442700,2026-03-02T11:00:00+01:00,A,3,elderly\n"
    columns = Columns("arrival", "call", "start", "end", "service", "counter", "priority", zone=ZoneInfo("Africa/Casablanca"))
    (record,) = read(written(tmp_path / "v.csv", text), columns)
    assert record.faults == ()
    assert record.arrival == datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Africa/Casablanca")).timestamp()
    assert (record.call, record.start) == (datetime(2026, 3, 2, 9, 10, tzinfo=UTC).timestamp(), 1772442700.0)
    assert (record.service, record.counter, record.priority) == ("A", "3", "elderly")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_it_reads_what_spreadsheets_write(tmp_path: Path, separator: str) -> None:
    text = (HEADING + "2026-03-02 09:00,2026-03-02 09:10,,,A,,\n").replace(",", separator)
    (record,) = read(written(tmp_path / "v.csv", text, "utf-8-sig"), PLAIN)
    assert (record.faults, record.start, record.service) == ((), None, "A")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",2026-03-02 09:10,,,A,,", "arrival is empty"),
        ("soon,,,,A,,", "“soon” (arrival) is no time"),
        ("2026-03-02 09:00,2026-13-02 09:10,,,A,,", "“2026-13-02 09:10” (call) is no time"),
        ("2026-03-02 09:00,2026-03-02 08:59,,,A,,", "call is before arrival"),
        ("2026-03-02 09:00,,2026-03-02 09:20,2026-03-02 09:10,A,,", "end is before start"),
        ("2026-03-02 09:00,2026-03-02 09:10", "5 cells too few"),
        ("2026-03-02 09:00,,,,A,,,,", "2 cells too many"),
        ("0001-01-01 00:00,,,,A,,", "(arrival) is no time"),
        ("99999999999999999,,,,A,,", "(arrival) is no time"),
    ],
)
def test_it_says_what_is_wrong_with_a_row(tmp_path: Path, row: str, fault: str) -> None:
    (record,) = read(written(tmp_path / "v.csv", HEADING + row + "\n"), PLAIN)
    assert record.line == 2
    assert fault in "; ".join(record.faults)


def test_it_names_the_columns_when_one_is_missing_and_survives_what_is_no_csv(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"no column “counter”.*arrival, call"):
        list(read(written(tmp_path / "v.csv", "arrival,call\n"), Columns("arrival", "call", counter="counter")))
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe")
    with pytest.raises(BadFile):
        list(read(tmp_path / "picture.csv", PLAIN))
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(BadFile, match="none"):
        list(read(tmp_path / "empty.csv", PLAIN))


def test_evaluate_prints_the_errors_beside_the_baselines(tmp_path: Path) -> None:
    file = bank_file(tmp_path / "bank.csv", days=6)
    with file.open("a") as more:
        more.write("nonsense,,,s0\n")
    names = ("--arrival", "came", "--call", "called", "--end", "left", "--service", "what", "--time-format", "%d/%m/%Y %H:%M:%S")
    done = istiqbal("estimates", "evaluate", file, *names, "--by", "service")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    for method in ("estimate", "last to enter service", "head of line", "queue length", "mean of the day"):
        assert sum(line.startswith(f"| {method} ") for line in lines) == 4
    assert "below last to enter service" in done.stdout
    assert "“nonsense” (came) is no time" in done.stderr


def test_evaluate_refuses_what_it_can_not_judge(tmp_path: Path) -> None:
    file = written(tmp_path / "v.csv", HEADING + "2026-03-02 09:00,2026-03-02 09:10,,,A,,\n")
    refused(istiqbal("estimates", "evaluate", file, "--arrival", "arrival", "--call", "call"), 1, "no visit to judge by")
    nothing = written(tmp_path / "n.csv", HEADING)
    refused(istiqbal("estimates", "evaluate", nothing, "--arrival", "arrival", "--call", "call"), 1, "no visit to judge by")
    refused(istiqbal("estimates", "evaluate", file, "--arrival", "came", "--call", "call"), 1, "no column “came”")
    refused(istiqbal("estimates", "evaluate", file, "--arrival", "arrival"), 2, "--call")
    zone = istiqbal("estimates", "evaluate", file, "--arrival", "arrival", "--call", "call", "--timezone", "Moon/Sea")
    refused(zone, 2, "Moon/Sea")
