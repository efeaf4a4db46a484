"""Making a desk from a preset: data becomes rows that an administrator may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from balie.contracts.models import ContractType, KindPrice, PriceBasis, Product, SupportPlan
from balie.desk.models import DatedHours, Desk, HolidayHours, Line, WeekdayHours
from balie.mail.models import DeskAddress
from balie.phone.models import CalledNumber, Extension, PromptText, QueuePlace
from balie.presets.preset import Preset
from balie.rules import desk as rules
from balie.rules.hours_notation import format_windows
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal
from balie.tickets.models import Category


class DeskExists(Refusal):
    """This installation has its desk already."""


@transaction.atomic
def make_desk(preset: Preset, *, is_demo: bool = False) -> Desk:
    """Write everything of `preset` into rows. Raises `DeskExists` when there is a desk."""
    if Desk.objects.exists():
        raise DeskExists(_("There is a desk already; give each desk its own data folder."))
    desk = Desk.objects.create(
        pk=1,
        key=preset.desk.key,
        name=preset.desk.name,
        zone=preset.desk.zone,
        country=preset.country,
        region=preset.region or "",
        language=preset.desk.language,
        phone_number=preset.phone_number or "",
        mail_address=preset.mail_address or "",
        website=preset.website or "",
        how_to_pay_nl=preset.how_to_pay.get("nl", ""),
        how_to_pay_en=preset.how_to_pay.get("en", ""),
        is_demo=is_demo,
        call_back_minutes=preset.call_backs.minutes,
        call_back_reminder_minutes=preset.call_backs.reminder_minutes,
        call_back_attempts=preset.call_backs.attempts,
        notification=preset.notification.value,
        fair_use_months=preset.fair_use.months if preset.fair_use else 12,
        fair_use_percent=preset.fair_use.percent_of_revenue if preset.fair_use else 50,
        example_keys=sorted(preset.examples),
        **_settings(preset.desk.settings),
    )
    for position, line in enumerate(preset.desk.lines.values()):
        _make_line(line, preset, position)
    _make_plans(preset.desk)
    _make_categories(preset)
    _make_mail_addresses(preset)
    _make_telephones(preset)
    _make_spoken_texts(preset)
    return desk


def _settings(settings: rules.Settings) -> dict[str, object]:
    """A setting that names something is an empty text in the row when it is not set; cents are euros there."""
    keys = {"default_plan", "counts_with_support_contract", "counts_without_support_contract"}
    values = {each.name: getattr(settings, each.name) for each in fields(settings)}
    return {
        name.removesuffix("_cents"): (value or "")
        if name in keys
        else _euros(value)
        if name.endswith("_cents")
        else value
        for name, value in values.items()
    }


def _euros(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100


def _names(name: Mapping[str, str]) -> dict[str, str]:
    """A desk of one language calls everything by the same name in the other."""
    only = next(iter(name.values()))
    return {"name_nl": name.get("nl", only), "name_en": name.get("en", only)}


def _make_line(line: rules.Line, preset: Preset, position: int) -> None:
    rate = preset.rate_names.get(line.key, {})
    row = Line.objects.create(
        key=line.key,
        **_names(line.name),
        kind=line.kind.value,
        phone_use=line.phone_use.value,
        hourly_rate=_euros(line.hourly_rate_cents),
        rate_nl=rate.get("nl", ""),
        rate_en=rate.get("en", ""),
        rule=preset.rule_of(f"lines.{line.key}") or "",
        position=position,
    )
    WeekdayHours.objects.bulk_create(
        WeekdayHours(line=row, weekday=weekday, hours=format_windows(windows))
        for weekday, windows in enumerate(line.hours.week)
    )
    HolidayHours.objects.bulk_create(
        HolidayHours(line=row, holiday=holiday, hours=format_windows(windows))
        for holiday, windows in line.hours.holidays.items()
    )
    DatedHours.objects.bulk_create(
        DatedHours(line=row, on=on, hours=format_windows(each.windows), because=each.because)
        for on, each in line.hours.exceptions.items()
    )


def _make_plans(desk: rules.Desk) -> None:
    plans = {
        plan.key: SupportPlan.objects.create(
            key=plan.key,
            name=plan.name,
            rank=plan.rank,
            response_minutes=plan.response_minutes,
            solution_minutes=plan.solution_minutes,
            monthly_price=Decimal(plan.monthly_price_cents) / 100,
            is_free=plan.is_free,
            only_with_our_hardware=plan.only_with_our_hardware,
            rule=plan.rule or "",
        )
        for plan in desk.plans.values()
    }
    products = {
        product.key: Product.objects.create(
            key=product.key,
            name=product.name,
            includes_plan=plans.get(product.includes_plan or ""),
            offers_plan=plans.get(product.offers_plan or ""),
            is_charity=product.is_charity,
        )
        for product in desk.products.values()
    }
    kinds = {
        kind.key: ContractType.objects.create(
            key=kind.key,
            **_names(kind.name),
            gives_plan=plans.get(kind.gives_plan or ""),
            counts_zone_1=kind.counts_zone_1,
            gives_phone_number=kind.gives_phone_number,
            requires_product=products.get(kind.requires_product or ""),
        )
        for kind in desk.contract_types.values()
    }
    _make_prices(desk, plans, kinds)


def _make_prices(
    desk: rules.Desk, plans: Mapping[str, SupportPlan], kinds: Mapping[str, ContractType]
) -> None:
    for key, terms in desk.prices.items():
        plan = plans.get(key)
        kind = kinds.get(key) if plan is None else None
        PriceBasis.objects.create(
            plan=plan,
            contract_type=kind,
            status=key if plan is None and kind is None else None,
            site=terms.site.value if terms.site else "",
            callback=[each.value for each in terms.callback],
        )
    for of_kind, price in desk.kind_prices.items():
        KindPrice.objects.create(kind=of_kind.value, price=price.value)


def _make_categories(preset: Preset) -> None:
    rows: dict[str, Category] = {}
    for position, category in enumerate(preset.categories):
        rows[category.key] = Category.objects.create(
            key=category.key,
            **_names(category.name),
            parent=rows.get(category.parent or ""),
            kind=category.kind.value,
            place=category.place.value if category.place else "",
            may_phone_in_office_hours=category.may_phone_in_office_hours,
            position=position,
            is_active=preset.phone.other_urgent or not category.is_other_urgent,
        )


def _make_telephones(preset: Preset) -> None:
    """What rings for each line. Whose telephone each is, an administrator says once there are agents."""
    lines, queues = Line.objects.in_bulk(field_name="key"), preset.phone.queues
    numbers = {number for queue in queues.values() for group in queue for number in group}
    telephones = {number: Extension.objects.create(number=number) for number in sorted(numbers)}
    QueuePlace.objects.bulk_create(
        QueuePlace(line=lines[key], extension=telephones[number], position=position)
        for key, queue in queues.items()
        for position, group in enumerate(queue, start=1)
        for number in group
    )
    CalledNumber.objects.bulk_create(
        CalledNumber(number=number, line=lines[key]) for number, key in preset.phone.numbers.items()
    )


def _make_spoken_texts(preset: Preset) -> None:
    now = timezone.now()
    PromptText.objects.bulk_create(
        PromptText(name=name, language=language, text=words, changed_at=now)
        for name, said in preset.phone.texts.items()
        for language, words in said.items()
    )


def _make_mail_addresses(preset: Preset) -> None:
    rows = Category.objects.in_bulk(field_name="key")
    DeskAddress.objects.bulk_create(
        DeskAddress(
            address=each.address,
            category=rows[each.category] if each.category else None,
            language=each.language or "",
        )
        for each in preset.mail_addresses
    )
