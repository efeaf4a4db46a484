"""The page of the desk's settings: it knows the plans and the lines that a setting may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from balie.audit.administration import MovesDeadlines
from balie.contracts.models import SupportPlan
from balie.desk import examples
from balie.desk.holiday_dates import UnknownCountry, known_holidays
from balie.desk.models import Desk, HolidayHours, Line

if TYPE_CHECKING:
    _DeskForm = forms.ModelForm[Desk]
else:
    _DeskForm = forms.ModelForm

EXAMPLE = _("Example of Balie: the vendor has not published this. It stays marked until it is changed.")


class DeskForm(_DeskForm):
    """What a setting names must be there: a plan, a line, a time zone, a country."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [(line.key, line.name) for line in Line.objects.all()]
        plans = [(plan.key, plan.name) for plan in SupportPlan.objects.all()]
        self._choose("default_plan", plans)
        self._choose("counts_with_support_contract", lines)
        self._choose("counts_without_support_contract", lines)
        for name, field in self.fields.items():
            if examples.is_example(name, self.instance.example_keys):
                field.help_text = (
                    format_lazy("{} {}", field.help_text, EXAMPLE) if field.help_text else EXAMPLE
                )

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        label = self.fields[name].label
        self.fields[name] = forms.ChoiceField(label=label, choices=[("", "—"), *choices], required=False)

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(
                _("“%(zone)s” is not a time zone; write it as Europe/Amsterdam."), params={"zone": zone}
            )
        return zone

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"]
        return country.upper()

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if "country" in found:
            self._check_holidays(found["country"], found.get("region", ""))
        return found

    def _check_holidays(self, country: str, region: str) -> None:
        try:
            known = known_holidays(country, region or None)
        except UnknownCountry as refusal:
            self.add_error("country", refusal.reason.render(gettext))
            return
        used = set(HolidayHours.objects.values_list("holiday", flat=True))
        if lost := sorted(used - known):
            message = _("The lines have hours for holidays that this country has not: %(holidays)s.")
            params = {"holidays": ", ".join(lost)}
            self.add_error("country", forms.ValidationError(message, params=params))


@admin.register(Desk)
class DeskAdmin(MovesDeadlines[Desk]):
    """The one desk of this installation: changed here, never added or deleted."""

    form = DeskForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = (
        (None, {"fields": ("name", "language", "phone_number", "mail_address", "website")}),
        (_("Place"), {"fields": ("zone", ("country", "region"))}),
        (
            _("Plans and deadlines"),
            {
                "fields": (
                    "default_plan",
                    "counts_with_support_contract",
                    "counts_without_support_contract",
                    "warn_before_minutes",
                    "free_plan_lapses_after_months",
                    "tickets_per_month",
                    "reactions_per_ticket",
                    ("fair_use_months", "fair_use_percent"),
                )
            },
        ),
        (
            _("Rates"),
            {
                "fields": (
                    "hourly_rate",
                    ("urgent_surcharge_percent", "urgent_surcharge"),
                    "how_to_pay_nl",
                    "how_to_pay_en",
                )
            },
        ),
        (
            _("Closing by itself"),
            {"fields": ("closes_after_silent_days", "warns_before_closing_days", "reopens_within_days")},
        ),
        (
            _("Mail and phone"),
            {
                "fields": (
                    "mail_in",
                    "notification",
                    "undo_seconds",
                    ("call_back_minutes", "call_back_reminder_minutes", "call_back_attempts"),
                    "offers_other_urgent",
                    "offers_chat",
                    "accepts_when_maintained_elsewhere",
                )
            },
        ),
        (_("Logging in"), {"fields": ("agents_use_second_factor", "address_claim_waiting_hours")}),
    )
    actions = None

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one."""
        return redirect(reverse("admin:desk_desk_change", args=[1]))

    def save_model(self, request: HttpRequest, obj: Desk, form: Any, change: bool) -> None:
        """What an administrator decided is our example no longer."""
        obj.example_keys = examples.decided(form.changed_data, obj.example_keys)
        obj.save(update_fields=[*form.changed_data, "example_keys"])

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Desk | None = None) -> bool:
        return False
