from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from balie.audit.administration import MovesDeadlines, NamedFields
from balie.desk.holiday_choices import holiday_choices
from balie.desk.models import DatedHours, Desk, HolidayHours, Line, WeekdayHours
from balie.desk.queries import the_desk
from balie.rules.day_hours import check
from balie.rules.desk import OpeningHours
from balie.rules.refusals import Refusal

if TYPE_CHECKING:
    _HolidayForm = forms.ModelForm[HolidayHours]
    _WeekdayInline = admin.TabularInline[WeekdayHours, Line]
    _HolidayInline = admin.TabularInline[HolidayHours, Line]
    _ExceptionInline = admin.TabularInline[DatedHours, Line]
else:
    _HolidayForm = forms.ModelForm
    _WeekdayInline = _HolidayInline = _ExceptionInline = admin.TabularInline


class WeekFormSet(NamedFields):
    """The seven days together: what is open past midnight may not run into the next day's hours."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        week: list[Any] = [()] * 7
        for form in self.forms:
            form.instance.hours = form.cleaned_data.get("hours", "")
            week[form.instance.weekday] = form.instance.windows
        try:
            check(OpeningHours(tuple(week)))
        except Refusal as refusal:
            raise ValidationError(refusal.reason.render(gettext)) from refusal


class WeekdayInline(_WeekdayInline):
    model = WeekdayHours
    formset = WeekFormSet
    fields = ("weekday", "hours")
    readonly_fields = ("weekday",)
    ordering = ("weekday",)
    extra = 0
    max_num = 7
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HolidayForm(_HolidayForm):
    """A holiday is chosen from those of the desk's country."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desk = the_desk()
        known = list(holiday_choices(desk.country, desk.region, language=get_language() or desk.language))
        kept = self.instance.holiday
        if kept and kept not in dict(known):
            known.append((kept, kept))
        self.fields["holiday"] = forms.ChoiceField(label=_("Holiday"), choices=[("", "—"), *known])


class HolidayInline(_HolidayInline):
    model = HolidayHours
    form = HolidayForm
    formset = NamedFields
    fields = ("holiday", "hours")
    extra = 1


class ExceptionInline(_ExceptionInline):
    model = DatedHours
    formset = NamedFields
    fields = ("on", "hours", "because")
    extra = 1


@admin.register(Line)
class LineAdmin(MovesDeadlines[Line]):
    """Hours take effect at once, also for who waits: as many working minutes stay promised, by the hours of now."""

    actions = None

    list_display = ("name", "key", "kind", "phone_use", "week")
    fieldsets = (
        (None, {"fields": ("key", ("name_nl", "name_en"), "kind", "phone_use", "position")}),
        (_("Rate"), {"fields": (("rate_nl", "rate_en"), "hourly_rate")}),
    )
    inlines = (WeekdayInline, HolidayInline, ExceptionInline)

    @admin.display(description=_("hours"))
    def week(self, line: Line) -> str:
        return "; ".join(str(day) for day in line.weekdays.all() if day.hours) or gettext("closed")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("weekdays")

    def get_readonly_fields(self, request: HttpRequest, obj: Line | None = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Line | None = None) -> bool:
        return obj is not None and obj.key not in lines_that_count(the_desk())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A new line is closed all week, until its hours are filled in."""
        super().save_related(request, form, formsets, change)
        line: Line = form.instance
        there = set(line.weekdays.values_list("weekday", flat=True))
        WeekdayHours.objects.bulk_create(
            WeekdayHours(line=line, weekday=weekday) for weekday in range(7) if weekday not in there
        )


def lines_that_count(desk: Desk) -> set[str]:
    """The lines whose hours deadlines are counted in (IB-30)."""
    return {desk.counts_with_support_contract, desk.counts_without_support_contract} - {""}
