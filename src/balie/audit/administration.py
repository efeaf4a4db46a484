"""What every page of the administration shares: each change goes on the record, in our own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from balie.audit.actions import record

Row = TypeVar("Row", bound=models.Model)

if TYPE_CHECKING:

    class _Admin(admin.ModelAdmin[Row]): ...

    _FormSet = forms.BaseInlineFormSet[Any, Any, Any]
else:
    _FormSet = forms.BaseInlineFormSet

    class _Admin(admin.ModelAdmin):
        def __class_getitem__(cls, _row: Any) -> type:
            return cls


class OnTheRecord(_Admin[Row]):
    """Pages of one table. What is added, changed and deleted here goes on the record with its old and new values."""

    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    show_full_result_count = False

    def construct_change_message(
        self, request: HttpRequest, form: forms.Form, formsets: Any, add: bool = False
    ) -> Any:
        changes: dict[str, Any] = {"fields": changed_fields(form)}
        if parts := [part for formset in formsets or () for part in changed_parts(formset)]:
            changes["parts"] = parts
        return changes

    def log_addition(self, request: HttpRequest, obj: Row, message: Any) -> Any:
        return record("add", obj, by=request.user, now=request.now, **message)  # type: ignore[attr-defined,arg-type]

    def log_change(self, request: HttpRequest, obj: Row, message: Any) -> Any:
        if not (message.get("fields") or message.get("parts")):
            return None
        return record("change", obj, by=request.user, now=request.now, **message)  # type: ignore[attr-defined,arg-type]

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Row]) -> Any:
        return [
            record("delete", obj, by=request.user, now=request.now, name=str(obj))  # type: ignore[attr-defined,arg-type]
            for obj in queryset
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The record of this one thing."""
        about = {"subject_type": self.model._meta.label_lower, "subject_id": object_id}
        return redirect(f"{reverse('admin:audit_entry_changelist')}?{urlencode(about)}")


class MovesDeadlines(OnTheRecord[Row]):
    """Pages on which a change can give open tickets another deadline: the site shows that before it is saved."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        save = partial(super().changeform_view, request, object_id, *args, **kwargs)
        return self._weighed(request, save, object_id)

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        delete = partial(super().delete_view, request, object_id, *args, **kwargs)
        return self._weighed(request, delete, object_id)

    def _weighed(self, request: HttpRequest, act: Callable[[], Any], object_id: str | None) -> Any:
        if request.method != "POST":
            return act()
        changed = self.get_object(request, object_id) if object_id else None
        because = f"{self.model._meta.verbose_name}: {changed}" if changed else self.model._meta.verbose_name
        return self.admin_site.weigh(request, act, because=str(because))  # type: ignore[attr-defined]


class NamedFields(_FormSet):
    """Rows in a table whose headings name the fields for the eye only: here each field says its own name as well."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(
                field.widget, "widget", field.widget
            )  # inside Django's buttons to add and change
            if field.label and not widget.is_hidden:
                widget.attrs.setdefault("aria-label", field.label)


class ReadOnly(OnTheRecord[Row]):
    """Pages on which nothing can be added, changed or deleted."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False


def changed_fields(form: forms.BaseForm) -> dict[str, list[Any]]:
    """`{"name": [before, after]}` of what was filled in differently, as JSON values."""
    return {
        name: [_before(form, name), _plain(form.cleaned_data.get(name))]
        for name in form.changed_data
        if name in form.cleaned_data
    }


def changed_parts(formset: Any) -> Iterable[dict[str, Any]]:
    """What was done to the rows below a thing: the hours of a line, the sites of a customer."""
    kind = formset.model._meta.label_lower
    for row in formset.new_objects:
        yield {"add": kind, "name": str(row)}
    changed = {row.pk for row, _fields in formset.changed_objects}
    for form in formset.initial_forms:
        if form.instance.pk in changed:
            yield {"change": kind, "name": str(form.instance), "fields": changed_fields(form)}
    for row in formset.deleted_objects:
        yield {"delete": kind, "name": str(row)}


def _before(form: forms.BaseForm, name: str) -> Any:
    field, value = form.fields[name], form.initial.get(name)
    if isinstance(field, forms.ModelChoiceField) and value is not None:
        row = field.queryset.filter(pk=value).first() if field.queryset is not None else None
        return str(row) if row else _plain(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple, QuerySet)):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, (str, int, float, bool, date, datetime, time, Decimal)):
        return value
    return str(value)
