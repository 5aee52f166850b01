"""The page of measurements says what was measured, and nothing else."""

from __future__ import annotations

from bench import measuring, report


def test_the_page_is_what_the_results_say() -> None:
    text = report.PAGE.read_text()
    assert report.fill(text) == text, "run `python -m bench.report`"
    for name in report.PARTS:
        assert f"<!-- {name} -->" in text


def test_percentiles_are_times_that_were_measured() -> None:
    seconds = [at / 1000 for at in range(1, 101)]
    assert [measuring.percentile(seconds, share) for share in (50, 95, 100)] == [50, 95, 100]
    assert measuring.percentile([0.003], 95) == 3


def test_figures_have_as_many_digits_as_they_deserve() -> None:
    assert [report.figure(n) for n in (0.0412, 3.14, 76.3, 1288.4)] == [
        "0.041",
        "3.1",
        "76",
        "1,288",
    ]
