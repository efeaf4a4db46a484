"""The words of our Jinja pages in the Django templates of the administration."""

from __future__ import annotations

from datetime import timedelta

from django import template

from balie.web import jinja

register = template.Library()
register.filter("moment", jinja.moment)
register.filter("day", jinja.day)
register.filter("clock", jinja.clock)
register.filter("explained", jinja.explained)


@register.filter
def in_hours(length: timedelta) -> str:
    """`7:30`, hours and minutes that really passed."""
    minutes = length // timedelta(minutes=1)
    return f"{minutes // 60}:{minutes % 60:02d}"
