"""Datelines in the forms newsrooms have printed, and sentences that only look like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.lib import datelines


@pytest.mark.parametrize(
    ("dateline", "dash"),
    [
        ("VIENNA/WARSAW, 18 July 2022", " – "),
        ("OSH, Kyrgyzstan, 14 March 2006", "- "),
        ("MOSCOW / PARIS / WASHINGTON, DC, 24 July 2020", "- "),
        ("GORAŽDE/ FOČA, 7 August 2025", " – "),
        ("PRISHTINË/PRIŠTINA, 1 December 2013", " – "),
        ("ZAGREB, 17 October, 2000", "-- "),
        ("WARSAW/VIENNA, 30 June", " – "),
        ("BISHKEK, 12 April", "- "),
        ("SKOPJE, 18 October 2001 (OSCE)", "--"),
        ("TBILISI, 26 October 2013 (Georgian and Spanish versions below.)", " – "),
        ("NEW YORK CITY, 4 May 2023", " – "),
        ("WASHINGTON, July 18, 2022", " — "),
        ("ВЕНА, 18 июля 2022 г.", " – "),
        ("WIEN, 18. Juli 2022", " – "),
        ("VIENNE, le 1er juillet 2022", " – "),
        ("VIENA, 18 de julio de 2022", " – "),
        ("فيينا، 18 يوليو 2022", " – "),
    ],
)
def test_split(dateline: str, dash: str) -> None:
    assert datelines.split(f"{dateline}{dash}The text.") == (dateline, "The text.")
    assert datelines.without_dash(f"{dateline}{dash}") == dateline


@pytest.mark.parametrize(
    "text",
    [
        "",
        "On Monday, 18 July 2022 – the anniversary – ministers met.",
        "Vienna, 18 July 2022 – said in passing",
        "OSCE – what it does",
        "COVID-19 – a year on",
        "VIENNA, 18 July 2022 the ministers met",
        "VIENNA, 18 Foo 2022 – text",
        "IN VIENNA, 300 people – all of them young – met",
        ", 18 July 2022 – text",
    ],
)
def test_a_sentence_is_left_alone(text: str) -> None:
    assert datelines.split(text) == ("", text)


@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    dateline, rest = datelines.split(text)
    assert text.endswith(rest)
    assert text.lstrip().startswith(dateline)
