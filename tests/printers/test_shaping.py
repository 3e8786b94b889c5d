import pytest

from printers.errors import ShapingMissing
from printers.shaping import check, fit, width, wrap


def test_it_refuses_to_print_arabic_unjoined() -> None:
    with pytest.raises(ShapingMissing, match="libfribidi0"):
        check("".startswith)


def test_it_can_join_arabic_here() -> None:
    check()


def test_it_keeps_a_sign_with_its_word() -> None:
    assert wrap("Réclamations et renseignements : appelez le 3737", 25, 460, "ltr", "fr") == (
        "Réclamations et renseignements :",
        "appelez le 3737",
    )


def test_it_shrinks_before_it_takes_more_lines_than_there_should_be() -> None:
    fitted = fit("Légalisation de signature et copies conformes", 40, 20, 400, 2, "ltr", "fr")
    assert len(fitted.lines) == 2
    assert 20 <= fitted.size < 40
    assert all(width(line, fitted.size, "ltr", "fr") <= 400 for line in fitted.lines)


def test_it_takes_more_lines_when_nothing_can_shrink_further() -> None:
    fitted = fit("mot " * 60, 40, 30, 400, 2, "ltr", "fr")
    assert " ".join(fitted.lines).split() == ["mot"] * 60
