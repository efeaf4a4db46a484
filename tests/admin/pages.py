"""Sending a page of the administration as the browser does: every field there is, some filled in differently."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.test import Client
from django.utils import translation


def filled(response: HttpResponse, **changes: Any) -> dict[str, Any]:
    """The fields of the page's forms as they stand, with `changes`; a name is that of its input."""
    context = response.context  # type: ignore[attr-defined]
    data = _values(context["adminform"].form)
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        for form in (formset.management_form, *formset.forms):
            data |= _values(form)
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def send(client: Client, url: str, **changes: Any) -> HttpResponse:
    """Open the page, fill in `changes` and save."""
    return client.post(url, filled(client.get(url), **changes))  # type: ignore[return-value]


def errors_of(response: HttpResponse) -> str:
    """Everything that the page complains about, in one text."""
    context = response.context  # type: ignore[attr-defined]
    with translation.override("en"):
        found = [context["adminform"].form.errors.as_text()]
        for inline in context["inline_admin_formsets"]:
            found += [str(inline.formset.errors), str(inline.formset.non_form_errors())]
        return "\n".join(found)


def _values(form: BaseForm) -> dict[str, Any]:
    values = {}
    for name, field in form.fields.items():
        value = field.prepare_value(form.get_initial_for_field(field, name))
        values[form.add_prefix(name)] = (value or None) if isinstance(value, bool) else value
    return values
