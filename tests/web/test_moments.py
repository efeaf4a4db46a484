"""Moments on a page: in the reader's words, and in the words of Babel whichever way they are worked out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import babel.dates
import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from balie.web import jinja


@pytest.mark.parametrize(
    ("distance", "dutch", "because"),
    [
        (timedelta(seconds=30), "over 30 seconden", "seconds are told one by one"),
        (timedelta(seconds=-1), "1 seconde geleden", "what is past lies behind"),
        (timedelta(minutes=71, seconds=34), "over 72 minuten", "1.2 hours are not reached"),
        (timedelta(minutes=72), "over 1 uur", "1.2 hours are an hour"),
        (timedelta(hours=28, minutes=42), "over 29 uur", "1.2 days are not reached"),
        (timedelta(days=-2, hours=3), "2 dagen geleden", "rounded to whole days"),
        (timedelta(days=400), "over 13 maanden", "1.2 years are not reached"),
    ],
)
def test_a_distance_is_told_in_whole_units(distance: timedelta, dutch: str, because: str) -> None:
    with translation.override("nl"):
        assert jinja._in_words(jinja._whole(distance), "nl") == dutch, because


@given(seconds=st.floats(-1e9, 1e9), language=st.sampled_from(["nl", "en"]))
def test_every_distance_is_told_as_babel_tells_it(seconds: float, language: str) -> None:
    distance = timedelta(seconds=seconds)
    told = babel.dates.format_timedelta(distance, add_direction=True, locale=language, threshold=1.2)
    assert jinja._in_words(jinja._whole(distance), language) == told


@given(seconds=st.integers(0, 4_000_000_000))
def test_a_moment_is_written_as_babel_writes_it(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    with translation.override("nl"), timezone.override("Europe/Amsterdam"):
        local = timezone.localtime(at)
        written = babel.dates.format_datetime(local, "EEE d MMM y HH:mm", tzinfo=local.tzinfo, locale="nl")
        assert jinja.moment(at) == written


def test_the_language_of_the_reader_decides() -> None:
    on = date(2026, 11, 23)
    with translation.override("nl"):
        assert jinja.day(on) == "23 november 2026"
    with translation.override("en"):
        assert jinja.day(on) == "23 November 2026"
