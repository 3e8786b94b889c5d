from itertools import pairwise

import pytest

from printers.devices import PrinterConfig
from printers.receiver.printer import Fault, SoftwarePrinter
from printers.status import ASK_ALL, ASK_WHEN_DONE, PUSH_CHANGES, Replies, ask_process_id, from_pushed, from_realtime
from tests.printers.fakes import PtyPrinter, TcpPrinter
from tests.printers.samples import device

FAULTS: tuple[Fault, ...] = ("near-end", "paper-out", "cover-open", "offline", "error")


@pytest.mark.parametrize("fault", FAULTS)
def test_it_understands_each_fault_asked_and_pushed(fault: Fault) -> None:
    printer = SoftwarePrinter()
    assert from_realtime(*printer.receive(ASK_ALL)).state == "ready"
    printer.receive(PUSH_CHANGES)
    assert from_pushed(printer.fault(fault)).state == fault
    assert from_realtime(*printer.receive(ASK_ALL)).state == fault
    assert from_pushed(printer.fault(fault, False)).state == "ready"


def test_it_names_the_open_cover_before_the_paper_that_hides_behind_it() -> None:
    assert from_realtime(0x1A, 0x36, 0x12, 0x7E).state == "cover-open"


def test_it_tells_mixed_answers_apart_however_they_are_split() -> None:
    realtime, pushed, done, block = b"\x12\x16\x12\x1e", b"\x18\x00\x0c\x00", b"\x0f", b"\x37\x220042\0"
    mixed = pushed + realtime[:1] + done + b"\x11" + realtime[1:3] + block + pushed + realtime[3:]
    for first, second in pairwise([0, 1, 5, 9, 13, len(mixed), len(mixed)]):
        replies = Replies()
        for part in (mixed[:first], mixed[first:second], mixed[second:]):
            replies.feed(part)
        assert bytes(replies.realtime) == realtime
        assert bytes(replies.done) == done
        assert list(replies.blocks) == [block[:-1]]
        assert replies.pushed() == pushed
        assert replies.pushed() is None
        assert replies.garbage == 0


def test_it_counts_what_is_no_answer() -> None:
    replies = Replies()
    replies.feed(b"\xff\xfe\x80\xc3\x10\xff\x37" + b"A" * 200)
    assert replies.garbage >= 100
    assert not replies.realtime


def test_it_knows_a_process_id_answer() -> None:
    replies = Replies()
    replies.feed(SoftwarePrinter().receive(ask_process_id(b"0007") + ASK_WHEN_DONE))
    assert list(replies.blocks) == [b"\x37\x220007"]
    assert list(replies.done) == [0]


def test_it_hears_what_a_network_printer_pushes() -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port)
        assert opened.status().state == "ready"
        opened.send(PUSH_CHANGES)
        assert printer.wait(lambda: printer.printer.receive(b"") == b"" and bytes(printer.received).endswith(PUSH_CHANGES))
        printer.fault("paper-out")
        assert opened.status().state == "paper-out"
        printer.fault("paper-out", False)
        assert opened.status().state == "ready"
        opened.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_it_tells_the_faults_of_a_serial_printer(fault: Fault) -> None:
    with PtyPrinter() as printer:
        opened = device("serial", device=printer.path)
        printer.fault(fault)
        assert opened.status().state == fault
        opened.close()


def test_it_says_what_to_check_when_a_serial_printer_answers_nonsense() -> None:
    with PtyPrinter() as printer:
        printer.babble = b"\xfe\xff\x81\x9c\xe0"
        opened = device("serial", device=printer.path, baudrate=19200, answer_timeout=0.3)
        status = opened.status()
        assert status.state == "error"
        assert "19200 baud" in str(status.detail)
        opened.close()


def test_it_does_not_take_silence_for_paper() -> None:
    with TcpPrinter(answers=False) as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, answer_timeout=0.1)
        assert opened.status().state == "unknown"
        opened.close()
        strict = device("network", host="127.0.0.1", port=printer.port, answers="yes", answer_timeout=0.1)
        assert strict.status().state == "offline"
        strict.close()


def test_it_is_offline_when_a_printer_that_answered_falls_silent() -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, answer_timeout=0.2)
        assert opened.status().state == "ready"
        printer.answers = False
        assert opened.status().state == "offline"
        printer.answers = True
        assert opened.status().state == "ready"
        opened.close()


def test_it_is_offline_with_a_sentence_when_nothing_is_there() -> None:
    with TcpPrinter() as printer:
        port = printer.port
    status = device("network", host="127.0.0.1", port=port).status()
    assert status.state == "offline"
    assert f"127.0.0.1:{port}" in str(status.detail)


def test_it_asks_no_printer_that_cannot_answer() -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, answers="no")
        assert opened.status().state == "unknown"
        assert printer.connections == 0
        assert PrinterConfig.from_mapping({"name": "f", "transport": "file", "device": "/dev/usb/lp0"}).answers == "no"


def test_it_asks_one_by_one_a_printer_that_knows_only_some_statuses() -> None:
    class Half(SoftwarePrinter):
        def _real_time(self, number: int) -> bytes:
            return super()._real_time(number) if number in (1, 4) else b""

    with TcpPrinter() as printer:
        printer.printer = Half()
        opened = device("network", host="127.0.0.1", port=printer.port, answer_timeout=0.2)
        assert opened.status().state == "ready"
        printer.fault("paper-out")
        assert opened.status().state == "paper-out"
        opened.close()
