"""The logins to try, on the login page."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from balie.portal.demo_logins import demo_logins as logins_of

register = template.Library()


@register.simple_tag(takes_context=True)
def demo_logins(context: Context) -> SafeString:
    """The table of logins of a demo desk; nothing at a real one."""
    request = context["request"]
    logins = logins_of(request.desk)
    if not logins:
        return mark_safe("")
    table = get_template("portal/demo_logins.html", using="jinja2")
    return mark_safe(table.render({"demo_logins": logins}, request))
