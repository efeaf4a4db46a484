"""Lets the Django templates of a dependency (login, two-step login) appear in our one page, which is Jinja2."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from balie.web.forms import look_of
from balie.web.jinja import icon as jinja_icon

register = template.Library()


class HousePage(template.Node):
    """Renders a title and a content, and puts both into `account_page.html`."""

    child_nodelists = ("title", "content")

    def __init__(self, title: NodeList, content: NodeList) -> None:
        self.title = title
        self.content = content

    def render(self, context: Context) -> SafeString:
        request: HttpRequest = context["request"]
        page = {"title": self.title.render(context).strip(), "body": mark_safe(self.content.render(context))}
        return mark_safe(get_template("account_page.html", using="jinja2").render(page, request))


@register.tag
def house_page(parser: Parser, token: Token) -> HousePage:
    """`{% house_page %}title{% house_content %}content{% end_house_page %}`: a page in the look of the house."""
    title = parser.parse(("house_content",))
    parser.delete_first_token()
    content = parser.parse(("end_house_page",))
    parser.delete_first_token()
    return HousePage(title, content)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite, as decoration."""
    return mark_safe(jinja_icon(name))


@register.filter
def as_control(field: BoundField) -> SafeString:
    """A form field with the classes of our forms, tied to its hint and its errors for screen readers."""
    attrs: dict[str, str | bool] = {"class": look_of(field.field.widget)}
    if field.errors:
        attrs["class"] = f"{attrs['class']} is-invalid"
    attrs["placeholder"] = ""
    return field.as_widget(attrs=attrs)
