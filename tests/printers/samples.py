"""Tickets as a hall prints them, in each language."""

from __future__ import annotations

from typing import Any

from printers import Device, PrinterConfig, Slip, open_device

ADDRESS = "https://istiqbal.rabat.example.ma/v/8f3kQz2LrT0pXw9dYb1cUa"

ARABIC = Slip(
    language="ar",
    direction="rtl",
    unit="المقاطعة الحضرية السادسة – الرباط",
    number="A042",
    service="تصحيح الإمضاءات",
    subtitle="Légalisation de signature",
    issued="السبت 22 نونبر 2025، 10:14",
    facts=(("عدد الأشخاص قبلك:", "12"), ("مدة الانتظار المقدرة:", "من 20 إلى 25 دقيقة")),
    documents_title="الوثائق المطلوبة",
    documents=("البطاقة الوطنية للتعريف الإلكترونية", "الوثيقة المراد تصحيح إمضائها"),
    qr=ADDRESS,
    qr_text="تتبّع دورك على هاتفك",
    help_line="للشكايات والاستفسار: اتصل بالرقم 3737",
    footer="شكرا على صبركم",
)
AMAZIGH = Slip(
    language="zgh",
    direction="ltr",
    unit="ⵜⴰⵎⵓⵖⵍⴰ ⵜⴰⵎⵔⴰⵡⵜ ⵡⵉⵙⵙ ⵙⴹⵉⵚ – ⵔⵔⴱⴰⵟ",
    number="B107",
    service="ⴰⵙⵖⵣⵏ ⵏ ⵓⴳⵎⵎⴰⴹ",
    subtitle="Légalisation de signature",
    issued="22 ⵏⵓⵡⴰⵏⴱⵉⵔ 2025, 10:14",
    facts=(("ⵎⴷⴷⵏ ⴷⴰⵜ ⵏⵏⴽ:", "12"),),
    documents_title="ⵜⵉⴳⴳⵓⵔⵉⵡⵉⵏ",
    documents=("ⵜⴰⴽⴰⵕⴹⴰ ⵜⴰⵏⴰⵎⵓⵔⵜ ⵏ ⵜⵎⴰⴳⵉⵜ",),
    qr=ADDRESS,
    help_line="ⵉ ⵜⵎⵓⵔⴰⵙ: 3737",
)
FRENCH = Slip(
    language="fr",
    direction="ltr",
    unit="6e arrondissement urbain – Rabat-Agdal-Riyad",
    number="A042",
    service="Légalisation de signature",
    subtitle="تصحيح الإمضاءات",
    issued="samedi 22 novembre 2025 à 10 h 14",
    facts=(("Personnes avant vous :", "12"), ("Attente estimée :", "de 20 à 25 minutes")),
    documents_title="Documents à préparer",
    documents=("Carte nationale d’identité électronique", "Document à légaliser, non signé"),
    qr=ADDRESS,
    qr_text="Suivez votre tour sur votre téléphone",
    help_line="Réclamations et renseignements : appelez le 3737",
    footer="Merci de votre patience",
)
SLIPS = (ARABIC, AMAZIGH, FRENCH)
WIDTHS = (576, 384)


def nothing() -> None:
    """What `on_sending` does where nobody stores anything."""


def device(transport: str, **keys: Any) -> Device:
    """A printer of that transport, with time limits that suit tests."""
    table = {"name": "hall-1", "transport": transport, "timeout": 2.0, "answer_timeout": 1.0, **keys}
    return open_device(PrinterConfig.from_mapping(table))
