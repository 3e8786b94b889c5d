import threading

import pytest

from printers import Outcome, deliver, encode
from printers.receiver.printer import Fault
from tests.printers.fakes import TcpPrinter
from tests.printers.samples import ARABIC, FRENCH, device, nothing


class Stored:
    """The caller's memory: when `on_sending` was called, and what had arrived at the printer by then."""

    def __init__(self, printer: TcpPrinter) -> None:
        self.printer, self.seen = printer, list[bytes]()

    def __call__(self) -> None:
        self.seen.append(bytes(self.printer.received))


@pytest.mark.parametrize("fault", ["paper-out", "cover-open", "offline", "error"])
def test_it_sends_nothing_while_a_fault_shows(fault: Fault) -> None:
    with TcpPrinter() as printer:
        opened, stored = device("network", host="127.0.0.1", port=printer.port), Stored(printer)
        printer.fault(fault)
        outcome = deliver(opened, encode(FRENCH, opened.profile), stored)
        assert (outcome.kind, outcome.status.state) == (Outcome.FAILED, fault)
        assert outcome.reason
        assert stored.seen == []
        printer.fault(fault, False)
        assert deliver(opened, encode(FRENCH, opened.profile), stored).kind == Outcome.CONFIRMED
        assert len(printer.tickets) == 1
        opened.close()


def test_it_prints_with_the_roll_nearly_used_up() -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port)
        printer.fault("near-end")
        outcome = deliver(opened, encode(FRENCH, opened.profile), nothing)
        assert (outcome.kind, outcome.status.state) == ("confirmed", "near-end")
        opened.close()


def test_it_stores_that_it_sends_before_the_first_byte() -> None:
    with TcpPrinter() as printer:
        opened, stored = device("network", host="127.0.0.1", port=printer.port), Stored(printer)
        deliver(opened, encode(FRENCH, opened.profile), stored)
        assert len(stored.seen) == 1
        assert b"\x1b@" not in stored.seen[0]
        opened.close()


def test_it_sends_nothing_when_that_cannot_be_stored() -> None:
    def full_disk() -> None:
        raise OSError("No space left on device")

    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port)
        with pytest.raises(OSError, match="No space"):
            deliver(opened, encode(FRENCH, opened.profile), full_disk)
        assert opened.status().state == "ready"
        assert b"\x1b@" not in printer.received
        opened.close()


@pytest.mark.parametrize("fault", ["paper-out", "cover-open", "offline"])
def test_it_does_not_know_when_a_fault_comes_while_it_prints(fault: Fault) -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, timeout=0.5)
        outcome = deliver(opened, encode(ARABIC, opened.profile), lambda: printer.fault(fault))
        assert (outcome.kind, outcome.status.state) == ("unknown", fault)
        assert str(outcome.status.detail) in str(outcome.reason)
        # The printer prints what it holds when the fault is gone; nothing is sent a second time.
        printer.fault(fault, False)
        assert printer.wait(lambda: len(printer.tickets) == 1)
        opened.close()


def test_it_does_not_know_when_the_connection_breaks_while_it_sends() -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, answer_timeout=0.3)
        printer.on_bytes = lambda total: printer.reset() if total > 3000 else None
        outcome = deliver(opened, encode(ARABIC, opened.profile.raster()), nothing)
        assert outcome.kind == "unknown"
        assert outcome.reason
        printer.on_bytes = lambda _: None
        printer.printer.switch_off()
        assert deliver(opened, encode(FRENCH, opened.profile), nothing).kind == "confirmed"
        opened.close()


@pytest.mark.parametrize(("confirm", "evidence"), [("status", "status"), ("process-id", "process-id"), ("none", "written")])
def test_it_says_what_a_confirmation_rests_on(confirm: str, evidence: str) -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, confirm=confirm)
        outcome = deliver(opened, encode(FRENCH, opened.profile), nothing)
        assert (outcome.kind, outcome.evidence) == ("confirmed", evidence)
        opened.close()


def test_it_chooses_the_better_confirmation_for_models_that_have_it() -> None:
    assert device("network", host="127.0.0.1", profile="TM-T88V").by_process_id
    assert not device("network", host="127.0.0.1").by_process_id


def test_it_prints_on_a_printer_that_never_answers_and_says_that_it_does_not_know() -> None:
    with TcpPrinter(answers=False) as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, answer_timeout=0.2)
        for _ in range(2):
            outcome = deliver(opened, encode(FRENCH, opened.profile), nothing)
            assert outcome.kind == "unknown"
            assert "answers = 'no'" in str(outcome.reason)
        assert printer.wait(lambda: len(printer.tickets) == 2)
        opened.close()


def test_it_takes_written_for_printed_where_the_installer_says_so() -> None:
    with TcpPrinter(answers=False) as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, answers="no")
        outcome = deliver(opened, encode(FRENCH, opened.profile), nothing)
        assert (outcome.kind, outcome.evidence) == ("confirmed", "written")
        assert printer.wait(lambda: len(printer.tickets) == 1)
        opened.close()


def test_a_late_answer_does_not_confirm_the_next_ticket() -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, timeout=0.3, answer_timeout=0.3)
        assert deliver(opened, encode(FRENCH, opened.profile), lambda: printer.fault("paper-out")).kind == "unknown"
        printer.fault("paper-out", False)
        outcome = deliver(opened, encode(FRENCH, opened.profile), lambda: printer.fault("paper-out"))
        assert outcome.kind == "unknown"
        opened.close()


def test_it_keeps_the_jobs_of_two_threads_apart() -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port)
        data, kinds = encode(FRENCH, opened.profile), list[str]()
        threads = [threading.Thread(target=lambda: kinds.append(deliver(opened, data, nothing).kind)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert kinds == ["confirmed"] * 8
        assert len(printer.tickets) == 8
        opened.close()
