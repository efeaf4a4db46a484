"""From a TOML text to a `Preset`, or to everything that is wrong with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path as FilePath
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from balie.desk.holiday_dates import Holidays, UnknownCountry, known_holidays
from balie.presets.lines import read_line
from balie.presets.preset import (
    LANGUAGES,
    CallBacks,
    Category,
    CategoryKind,
    FairUse,
    MailAddress,
    Notification,
    Phone,
    Place,
    Preset,
    bare,
)
from balie.presets.tables import PresetInvalid, Problem, Problems, Table, did_you_mean
from balie.presets.telephone import read_phone
from balie.rules.desk import ContractType, Desk, Line, LineKind, Product, Settings, SupportPlan
from balie.rules.price_basis import (
    CALLBACK_PRICES,
    KIND_PRICES,
    SITE_PRICES,
    PriceBasis,
    PricedStatus,
    PriceTerms,
)
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import Refusal

FOLDER = FilePath(__file__).parent
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
E164 = re.compile(r"\+[1-9]\d{6,14}")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
WEBSITE = re.compile(r"https://\S+")
RULE = re.compile(r"[A-Z]+-\d+")
MAIL_IN = ("ticket", "pointer")


class UnknownPreset(Refusal):
    """No preset has this name, and no file this path."""


def preset_names() -> tuple[str, ...]:
    """The presets that come with Balie, in alphabetical order."""
    return tuple(sorted(each.stem for each in FOLDER.glob("*.toml")))


def load(name_or_path: str) -> Preset:
    """A preset by its name (`infobits`) or by the path of a `.toml` file.

    Raises `UnknownPreset`, or `PresetInvalid` with every problem of the file.
    """
    if name_or_path in preset_names():
        path = FOLDER / f"{name_or_path}.toml"
    elif name_or_path.endswith(".toml"):
        path = FilePath(name_or_path)
    else:
        raise UnknownPreset(
            _("There is no preset “%(name)s”; write %(known)s, or the path of a .toml file."),
            name=name_or_path,
            known=did_you_mean(name_or_path, preset_names()),
        )
    try:
        return read(path.read_text(encoding="utf-8"), file=path.name)
    except OSError as error:
        why = error.strerror or str(error)
        raise UnknownPreset(_("The preset %(path)s cannot be read: %(why)s."), path=name_or_path, why=why)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        reason = Reason(_("is not UTF-8; save the file as UTF-8 text"))
        raise PresetInvalid([Problem(path.name, line, "", reason)])


def read(text: str, *, file: str) -> Preset:
    """The preset that a TOML text describes; `file` is its name in messages. Raises `PresetInvalid`."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PresetInvalid([_syntax_problem(str(error), text, file)])
    except RecursionError:
        raise PresetInvalid([Problem(file, None, "", Reason(_("is nested too deeply to be a preset")))])
    problems = Problems(file=file, text=text)
    preset = _preset(Table(values, (), problems), values)
    problems.raise_any()
    return preset


def _syntax_problem(message: str, text: str, file: str) -> Problem:
    place = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line = int(place[1]) if place else text.count("\n") + 1
    what = re.sub(r" *\(at [^)]*\)$", "", message)
    return Problem(file, line, "", Reason(_("is not TOML: %(what)s"), {"what": what}))


def _preset(root: Table, values: Mapping[str, Any]) -> Preset:
    desk = root.table("desk", required=True)
    languages = _languages(desk)
    country, region, holidays = _country(desk)
    closed = _closed_everywhere(root.table("holidays"), holidays)
    line = partial(read_line, languages=languages, closed=closed, holidays=holidays)
    root.table("lines", required=True)
    phone = read_phone(root.table("phone"), [key for key, _table in root.tables("lines")])
    lines = {key: line(key, table, phone_use=phone.use_of(key)) for key, table in _keyed(root, "lines")}
    plans = {key: _plan(key, table) for key, table in _keyed(root, "plans")}
    products = {key: _product(key, table, plans) for key, table in _keyed(root, "products")}
    contract_types = {
        key: _contract_type(key, table, languages, plans, products)
        for key, table in _keyed(root, "contract_types")
    }
    settings = root.table("settings")
    categories = tuple(_categories(root, languages))
    preset = Preset(
        desk=Desk(
            key=_shaped(desk, "key", KEY, _("“%(value)s” is no key: write letters, digits, - and _ only")),
            name=desk.text("name"),
            zone=_zone(desk),
            language=languages[0],
            lines=lines,
            plans=plans,
            products=products,
            contract_types=contract_types,
            settings=_settings(settings, lines, plans, phone),
            topics={each.key: each.topic(other_urgent=phone.other_urgent) for each in categories},
            prices=_prices(root.table("price_basis"), (*plans, *contract_types, *PricedStatus)),
            kind_prices=_kind_prices(root.table("kind_prices")),
            holidays=Holidays(country, region),
        ),
        country=country,
        region=region,
        languages=languages,
        phone_number=_optional(desk, "phone_number", E164, _("“%(value)s”: write it as +31201234567")),
        mail_address=_optional(desk, "mail_address", MAIL, _("“%(value)s” is no mail address")),
        website=_optional(desk, "website", WEBSITE, _("“%(value)s”: write it as https://…")),
        how_to_pay=desk.name("how_to_pay", languages, LANGUAGES) if desk.has("how_to_pay") else {},
        categories=categories,
        phone=phone,
        call_backs=_call_backs(root.table("call_backs")),
        notification=Notification(settings.choice("notification", [*Notification], default="answer")),
        mail_addresses=tuple(_mail_addresses(root, [each.key for each in categories], languages)),
        fair_use=_fair_use(root.table("fair_use")) if root.has("fair_use") else None,
        rate_names={key: table.name("rate", languages, LANGUAGES) for key, table in _rates(root, lines)},
        rules=dict(_rules(root)),
        product_names=_names(root, "products", {each.key: [each.name] for each in products.values()}),
        contract_names=_names(
            root, "contract_types", {each.key: each.name.values() for each in contract_types.values()}
        ),
        examples=_examples(root, values),
    )
    _check_ranks(root, plans)
    _check_counting_lines(root, preset.desk)
    root.report_unknown()
    return preset


def _languages(desk: Table) -> tuple[str, ...]:
    languages = desk.references("languages", LANGUAGES)
    if not languages:
        desk.problem("languages", _("is missing; write the languages of the desk, the first one first"))
    return languages or LANGUAGES


def _zone(desk: Table) -> str:
    zone = desk.text("zone")
    try:
        return ZoneInfo(zone).key if zone else zone
    except (ValueError, OSError, LookupError):
        return desk.known(("zone",), zone, available_timezones()) or zone


def _country(desk: Table) -> tuple[str, str | None, frozenset[str] | None]:
    """The country, its region, and the holidays that exist there, if it is a country."""
    country, region = desk.text("country"), desk.optional_text("region")
    try:
        return country, region, known_holidays(country, region)
    except UnknownCountry as refusal:
        if country:
            desk.problems.add_reason((*desk.path, "region" if region else "country"), refusal.reason)
        return country, region, None


def _closed_everywhere(table: Table, holidays: frozenset[str] | None) -> tuple[str, ...]:
    return table.texts("closed") if holidays is None else table.references("closed", holidays)


def _keyed(root: Table, name: str) -> Iterator[tuple[str, Table]]:
    """The tables of one kind by their keys, each key checked."""
    for key, table in root.tables(name):
        if not KEY.fullmatch(key):
            message = _("“%(value)s” is no key: write letters, digits, - and _ only")
            root.problems.add(table.path, message, value=key)
        yield key, table


def _shaped(table: Table, name: str, shape: re.Pattern[str], message: str) -> str:
    value = table.text(name)
    if value and not shape.fullmatch(value):
        table.problem(name, message, value=value)
    return value


def _optional(table: Table, name: str, shape: re.Pattern[str], message: str) -> str | None:
    return _shaped(table, name, shape, message) if table.has(name) else None


def _plan(key: str, table: Table) -> SupportPlan:
    return SupportPlan(
        key=key,
        name=table.text("name"),
        rank=table.whole("rank", at_least=0),
        response_minutes=table.optional_whole("response_minutes", at_least=1),
        solution_minutes=table.optional_whole("solution_minutes", at_least=1),
        monthly_price_cents=table.cents("monthly_price") or 0,
        is_free=table.flag("is_free"),
        only_with_our_hardware=table.flag("only_with_our_hardware"),
        rule=_rule(table),
    )


def _product(key: str, table: Table, plans: Mapping[str, SupportPlan]) -> Product:
    return Product(
        key=key,
        name=table.text("name"),
        includes_plan=table.reference("includes_plan", plans),
        offers_plan=table.reference("offers_plan", plans),
        is_charity=table.flag("is_charity"),
    )


def _contract_type(
    key: str,
    table: Table,
    languages: tuple[str, ...],
    plans: Mapping[str, SupportPlan],
    products: Mapping[str, Product],
) -> ContractType:
    return ContractType(
        key=key,
        name=table.name("name", languages, LANGUAGES),
        gives_plan=table.reference("gives_plan", plans),
        counts_zone_1=table.flag("counts_zone_1"),
        gives_phone_number=table.flag("gives_phone_number"),
        requires_product=table.reference("requires_product", products),
    )


def _settings(
    table: Table, lines: Mapping[str, Line], plans: Mapping[str, SupportPlan], phone: Phone
) -> Settings:
    default = Settings()
    settings = Settings(
        default_plan=table.reference("default_plan", plans),
        counts_with_support_contract=table.reference("counts_with_support_contract", lines),
        counts_without_support_contract=table.reference("counts_without_support_contract", lines),
        free_plan_lapses_after_months=table.optional_whole("free_plan_lapses_after_months", at_least=1),
        tickets_per_month=table.optional_whole("tickets_per_month", at_least=0),
        reactions_per_ticket=table.optional_whole("reactions_per_ticket", at_least=0),
        warn_before_minutes=table.whole(
            "warn_before_minutes", at_least=0, default=default.warn_before_minutes
        ),
        closes_after_silent_days=table.whole(
            "closes_after_silent_days", at_least=1, default=default.closes_after_silent_days
        ),
        warns_before_closing_days=table.whole(
            "warns_before_closing_days", at_least=0, default=default.warns_before_closing_days
        ),
        reopens_within_days=table.whole(
            "reopens_within_days", at_least=0, default=default.reopens_within_days
        ),
        mail_in=table.choice("mail_in", MAIL_IN, default=default.mail_in),
        offers_other_urgent=phone.other_urgent,
        offers_chat=table.flag("offers_chat"),
        accepts_when_maintained_elsewhere=table.flag("accepts_when_maintained_elsewhere", default=True),
        hourly_rate_cents=table.cents("hourly_rate"),
        urgent_surcharge_percent=table.optional_whole("urgent_surcharge_percent", at_least=0),
        urgent_surcharge_cents=table.cents("urgent_surcharge"),
    )
    if settings.warns_before_closing_days >= settings.closes_after_silent_days:
        table.problem(
            "warns_before_closing_days",
            _("%(warns)s days before closing is no later than the answer, at %(closes)s days; write fewer"),
            warns=settings.warns_before_closing_days,
            closes=settings.closes_after_silent_days,
        )
    return settings


def _call_backs(table: Table) -> CallBacks:
    default = CallBacks()
    return CallBacks(
        minutes=table.whole("minutes", at_least=5, at_most=240, default=default.minutes),
        reminder_minutes=table.whole(
            "reminder_minutes", at_least=0, at_most=240, default=default.reminder_minutes
        ),
        attempts=table.whole("attempts", at_least=1, at_most=10, default=default.attempts),
    )


def _fair_use(table: Table) -> FairUse:
    return FairUse(
        months=table.whole("months", at_least=1),
        percent_of_revenue=table.whole("percent_of_revenue", at_least=1),
    )


def _prices(table: Table, who: tuple[str, ...]) -> dict[str, PriceTerms]:
    prices = {}
    for key in table:
        row = table.table(key)
        site = PriceBasis(row.choice("site", SITE_PRICES)) if row.has("site") else None
        callback = tuple(PriceBasis(each) for each in row.references("callback", CALLBACK_PRICES))
        if table.known((key,), key, who):
            prices[key] = PriceTerms(site, callback)
    return prices


def _kind_prices(table: Table) -> dict[CategoryKind, PriceBasis]:
    prices = {}
    for key in table:
        price = PriceBasis(table.choice(key, KIND_PRICES))
        if table.known((key,), key, [*CategoryKind]):
            prices[CategoryKind(key)] = price
    return prices


def _categories(root: Table, languages: tuple[str, ...]) -> Iterator[Category]:
    """Parents stand before their children, so that no category is inside itself."""
    seen: list[str] = []
    for key, table in _keyed(root, "categories"):
        parent = table.optional_text("parent")
        if parent and parent not in seen:
            message = _("“%(value)s” is no category written above this one")
            table.problem("parent", message, value=parent)
        seen.append(key)
        yield Category(
            key=key,
            name=table.name("name", languages, LANGUAGES),
            kind=CategoryKind(table.choice("kind", [*CategoryKind])),
            place=Place(table.choice("place", [*Place])) if table.has("place") else None,
            parent=parent,
            may_phone_in_office_hours=table.flag("may_phone_in_office_hours"),
            is_other_urgent=table.flag("is_other_urgent"),
        )


def _mail_addresses(
    root: Table, categories: Sequence[str], languages: tuple[str, ...]
) -> Iterator[MailAddress]:
    for address, table in root.tables("mail_addresses"):
        if not MAIL.fullmatch(address):
            root.table("mail_addresses").problem(address, _("“%(value)s” is no mail address"), value=address)
        yield MailAddress(
            address=address,
            category=table.reference("category", categories),
            language=table.reference("language", languages),
        )


def _rates(root: Table, lines: Mapping[str, Line]) -> Iterator[tuple[str, Table]]:
    return (each for each in root.tables("lines") if lines[each[0]].kind is LineKind.RATE_ZONE)


def _rule(table: Table) -> str | None:
    return _optional(table, "rule", RULE, _NO_RULE)


_NO_RULE = _("“%(value)s” is no rule's ID; write it as IB-29")


def _rules(root: Table) -> Iterator[tuple[str, str]]:
    """The rule behind each line and plan, behind the holidays of every line, and behind what `[rules]` names."""
    of_holidays = _rule(root.table("holidays"))
    for kind in ("lines", "plans"):
        for key, table in root.tables(kind):
            if rule := _rule(table):
                yield f"{kind}.{key}", rule
            if kind == "lines" and of_holidays:
                yield f"{kind}.{key}.holidays", of_holidays
    named = root.table("rules")
    for key in named:
        yield key, _shaped(named, key, RULE, _NO_RULE)


def _names(root: Table, kind: str, own: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Every way to write a product or contract type, as `bare` gives it -> its key. `own`: key -> its names."""
    names: dict[str, str] = {}
    for key, table in root.tables(kind):
        for name in (key, *own[key], *table.texts("also_called")):
            if names.setdefault(bare(name), key) != key:
                message = _("“%(other)s” is called “%(name)s” too; one name means one thing")
                root.problems.add(table.path, message, name=name, other=names[bare(name)])
    return names


def _examples(root: Table, values: Mapping[str, Any]) -> frozenset[str]:
    """The keys that are our examples; those of the holidays hold for the holidays of every line."""
    keys = root.texts("examples")
    for index, key in enumerate(keys):
        if not _exists(values, key.split(".")):
            root.problems.add(("examples", index), _("“%(key)s” is no key of this file"), key=key)
    lines = root.table("lines") if "holidays" in keys else ()
    return frozenset(keys).union(f"lines.{line}.holidays" for line in lines)


def _exists(values: Any, parts: list[str]) -> bool:
    for part in parts:
        if not isinstance(values, dict) or part not in values:
            return False
        values = values[part]
    return True


def _check_ranks(root: Table, plans: Mapping[str, SupportPlan]) -> None:
    ranks: dict[int, str] = {}
    for plan in plans.values():
        other = ranks.setdefault(plan.rank, plan.key)
        if other != plan.key:
            message = _("“%(other)s” has this rank too; the higher one counts, so write another")
            root.problems.add(("plans", plan.key, "rank"), message, other=other)


def _check_counting_lines(root: Table, desk: Desk) -> None:
    if any(plan.response_minutes or plan.solution_minutes for plan in desk.plans.values()):
        for name in ("counts_with_support_contract", "counts_without_support_contract"):
            if not root.table("settings").has(name):
                message = _("is missing; plans promise a response, so write which line's hours count")
                root.problems.add(("settings", name), message)
