from typing import Any

import pytest

from printers import PrinterConfig, PrinterConfigError
from printers.devices import TRANSPORTS

NETWORK = {"name": "hall-1", "transport": "network", "host": "192.0.2.10"}


def test_it_reads_a_printer_as_an_installer_writes_it() -> None:
    config = PrinterConfig.from_mapping({**NETWORK, "port": 9101, "width_dots": 384})
    assert (config.host, config.port, config.width_dots) == ("192.0.2.10", 9101, 384)
    assert config.printer_profile().width_dots == 384


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"colour": "red"}, "colour"),
        ({"transport": "pigeon"}, "transport"),
        ({"transport": ["network"]}, "transport"),
        ({"name": ""}, "name"),
        ({"host": 5}, "host"),
        ({"port": 0}, "port"),
        ({"port": "9100"}, "port"),
        ({"port": True}, "port"),
        ({"device": "/dev/ttyS0"}, "device"),
        ({"width_dots": 577}, "width_dots"),
        ({"width_dots": 5760}, "width_dots"),
        ({"profile": "TM-T99"}, "profile"),
        ({"profile": "TM-T88V", "width_dots": 576}, "width_dots"),
        ({"native_text": "no"}, "native_text"),
        ({"graphics": "vector"}, "graphics"),
        ({"cut": "guillotine"}, "cut"),
        ({"answers": False}, "answers"),
        ({"confirm": "maybe"}, "confirm"),
        ({"timeout": 0}, "timeout"),
        ({"answer_timeout": "1 s"}, "answer_timeout"),
    ],
)
def test_it_names_the_key_that_is_wrong(change: dict[str, Any], key: str) -> None:
    with pytest.raises(PrinterConfigError) as caught:
        PrinterConfig.from_mapping({**NETWORK, **change})
    assert caught.value.key == key
    assert key in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_it_names_the_key_that_is_missing(transport: str) -> None:
    for key in TRANSPORTS[transport].required:
        with pytest.raises(PrinterConfigError) as caught:
            PrinterConfig.from_mapping({"name": "hall-1", "transport": transport})
        assert key in TRANSPORTS[transport].required
        assert caught.value.key in TRANSPORTS[transport].required


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"transport": "serial", "device": "/dev/ttyS0", "baudrate": 12}, "baudrate"),
        ({"transport": "serial", "device": "/dev/ttyS0", "flow": "dam"}, "flow"),
        ({"transport": "usb", "vendor_id": "0x04b8", "product_id": 0x0202}, "vendor_id"),
        ({"transport": "usb", "vendor_id": 0x04B8, "product_id": 0x10000}, "product_id"),
        ({"transport": "virtual", "folder": ""}, "folder"),
    ],
)
def test_it_checks_the_keys_of_each_transport(table: dict[str, Any], key: str) -> None:
    with pytest.raises(PrinterConfigError) as caught:
        PrinterConfig.from_mapping({"name": "hall-1", **table})
    assert caught.value.key == key


def test_it_takes_the_width_that_the_profile_prints() -> None:
    assert PrinterConfig.from_mapping({**NETWORK, "profile": "TM-T88V"}).printer_profile().width_dots == 512
    assert PrinterConfig.from_mapping({**NETWORK, "profile": "POS-5890"}).printer_profile().native_qr is False
