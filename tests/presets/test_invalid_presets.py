"""A broken preset is refused with everything that is wrong, by file, line and key, and what to do."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from balie.presets.reading import FOLDER, UnknownPreset, load, read
from balie.presets.tables import PresetInvalid

SOUND = """\
[desk]
key = "corner"
name = "Corner Tills"
zone = "Europe/Amsterdam"
country = "NL"
languages = ["nl", "en"]

[holidays]
closed = [
  "kings_day",
  "christmas_day",
]

[lines.office]
name = { nl = "Kantoor", en = "Office" }
kind = "channel"
monday = "09:00-12:00, 13:00-17:00"
tuesday = "22:00-02:00"

[lines.office.holidays]
boxing_day = "10:00-12:00"

[lines.office.exceptions.2026-12-24]
windows = "09:00-12:00"

[plans.basic]
name = "Basic"
rank = 1
response_minutes = 480
monthly_price = "5.00"

[products.till]
name = "Till"
includes_plan = "basic"

[contract_types.phone]
name = "Phone"
gives_plan = "basic"
requires_product = "till"

[settings]
default_plan = "basic"
counts_with_support_contract = "office"
counts_without_support_contract = "office"
closes_after_silent_days = 14

[phone]
forwarded_on = ["office"]

[price_basis]
basic = { site = "included", callback = ["prepaid"] }

[categories.question]
name = "Question"
kind = "question"
"""

RINGS = '[phone.queues]\noffice = [["201"]]\n\n[price_basis]'

BROKEN = [
    # what changes in the sound preset, and what the message says
    *(
        ("[price_basis]", RINGS.replace(was, now), f"phone.{message}")
        for was, now, message in (
            ("office", "offices", "queues.offices: “offices” is not known; write office"),
            ('["201"]', '"201"', "queues.office.0: should be a list, not “201”"),
            ('"201"', "201", "queues.office.0.0: should be a text, not “201”"),
            ('"201"', "", "queues.office: group 1 has no telephone"),
            ('"201"', '"two hundred"', "queues.office: “two hundred” is no extension: write 201"),
            ('"201"', '"201,202"', "queues.office: “201,202” is no extension"),
            ('["201"]', '["201"], ["201"]', "queues.office: 201 rings once for a line"),
            ("queues", "numbers", "numbers.office: should be a text, not “[['201']]”"),
            ('queues]\noffice = [["201"]]', 'numbers]\nhelp = "office"', "numbers.help: “help” is no number"),
            (
                'queues]\noffice = [["201"]]',
                'numbers]\n"+31201" = "shop"',
                "numbers.+31201: “shop” is not known; write office",
            ),
        )
    ),
    (
        "[price_basis]",
        "[call_backs]\nattempts = 11\n[price_basis]",
        "attempts: 11 is too big; write at most 10",
    ),
    (
        "[price_basis]",
        "[call_backs]\nminutes = 4\n[price_basis]",
        "minutes: 4 is too small; write at least 5",
    ),
    ('key = "corner"\n', "", "1: desk.key: is missing; write a text"),
    ('"corner"', '"corner shop!"', "2: desk.key: “corner shop!” is no key"),
    ('"Corner Tills"', '""', "3: desk.name: is empty"),
    ('"Corner Tills"', "12", "3: desk.name: should be a text, not “12”"),
    (
        '"Europe/Amsterdam"',
        '"Europe/Amsterdm"',
        "4: desk.zone: “Europe/Amsterdm” is not known; write Europe/Amsterdam",
    ),
    ('"Europe/Amsterdam"', '"../etc/passwd"', "4: desk.zone: “../etc/passwd” is not known"),
    ('"NL"', '"Holland"', "5: desk.country: No holidays are known for “Holland”"),
    ('"NL"', '"NL"\nregion = "XX"', "6: desk.region: No holidays are known for “NL-XX”"),
    ('["nl", "en"]', '["nl", "fr"]', "6: desk.languages.1: “fr” is not known; write en, nl"),
    ('languages = ["nl", "en"]\n', "", "1: desk.languages: is missing; write the languages"),
    (
        '"nl", "en"]\n',
        '"nl", "en"]\nphone_number = "020-123"\n',
        "7: desk.phone_number: “020-123”: write it as +31",
    ),
    (
        '"nl", "en"]\n',
        '"nl", "en"]\nmail_address = "help"\n',
        "7: desk.mail_address: “help” is no mail address",
    ),
    ('"nl", "en"]\n', '"nl", "en"]\nwebsite = "shop"\n', "7: desk.website: “shop”: write it as https://"),
    ('name = "Corner', 'nmae = "Corner', "3: desk.nmae: unknown key; did you mean “name”?"),
    ('name = "Corner', 'xyz = "Corner', "3: desk.xyz: unknown key; known here: country, how_to_pay, key"),
    ("[holidays]", "[hollidays]", "8: hollidays: unknown key; did you mean “holidays”?"),
    ('"kings_day",', '"queens_day",', "10: holidays.closed.0: “queens_day” is not known; write kings_day"),
    ('"kings_day",', "27,", "10: holidays.closed.0: should be a text, not “27”"),
    (
        "boxing_day =",
        "boxingday =",
        "21: lines.office.holidays.boxingday: “boxingday” is not known; write boxing_day",
    ),
    ('{ nl = "Kantoor", en = "Office" }', '{ nl = "Kantoor" }', "15: lines.office.name.en: is missing"),
    ('"channel"', '"chanel"', "16: lines.office.kind: “chanel” is not known; write channel"),
    ("monday =", "mondy =", "17: lines.office.mondy: unknown key; did you mean “monday”?"),
    (
        '"09:00-12:00, 13:00-17:00"',
        '"9 to 5"',
        "17: lines.office.monday: “9 to 5” is not a window; write it as",
    ),
    ('"09:00-12:00, 13:00-17:00"', '"09:00-25:00"', "17: lines.office.monday: “09:00-25:00” has a time"),
    (
        '"09:00-12:00, 13:00-17:00"',
        '"09:00-09:00"',
        "17: lines.office.monday: “09:00-09:00” begins when it ends",
    ),
    ('"09:00-12:00, 13:00-17:00"', '["09:00-17:00"]', "17: lines.office.monday: should be a text"),
    ("-12:00, 13:00", "-13:30, 13:00", "17: lines.office.monday: 09:00-13:30 and 13:00-17:00 overlap"),
    (
        '"09:00-12:00, 13:00-17:00"',
        '"23:00-22:30"',
        "17: lines.office.monday: 23:00-22:30 runs past midnight and overlaps 22:00-02:00 of tuesday",
    ),
    (
        "exceptions.2026-12-24",
        "exceptions.christmas",
        "23: lines.office.exceptions.christmas: “christmas” is no day",
    ),
    ('windows = "09:00-12:00"\n', "", "23: lines.office.exceptions.2026-12-24.windows: is missing"),
    ("rank = 1", 'rank = "1"', "28: plans.basic.rank: should be a whole number, not “1”"),
    ("rank = 1", "rank = true", "28: plans.basic.rank: should be a whole number, not “True”"),
    ("rank = 1", "rank = -1", "28: plans.basic.rank: -1 is too small; write at least 0"),
    (
        "response_minutes = 480",
        "response_minutes = 0",
        "29: plans.basic.response_minutes: 0 is too small; write at least 1",
    ),
    ('"5.00"', '"5 euro"', "30: plans.basic.monthly_price: “5 euro” is no price"),
    ('"5.00"', '"5.00"\nrule = "rule 9"', "31: plans.basic.rule: “rule 9” is no rule's ID"),
    (
        'includes_plan = "basic"',
        'includes_plan = "gold"',
        "34: products.till.includes_plan: “gold” is not known; write",
    ),
    (
        'gives_plan = "basic"',
        'gives_plan = "basics"',
        "38: contract_types.phone.gives_plan: “basics” is not known",
    ),
    ('"till"\n', '"tile"\n', "39: contract_types.phone.requires_product: “tile” is not known; write till"),
    ("[products.till]", '[products."a till"]', "32: products.a till: “a till” is no key"),
    (
        'default_plan = "basic"',
        'default_plan = "silver"',
        "42: settings.default_plan: “silver” is not known; write basic",
    ),
    (
        '_without_support_contract = "office"',
        '_without_support_contract = "shop"',
        "44: settings.counts_without",
    ),
    (
        'counts_without_support_contract = "office"\n',
        "",
        "41: settings.counts_without_support_contract: is missing",
    ),
    ("silent_days = 14", "silent_days = 3", "41: settings.warns_before_closing_days: 3 days before closing"),
    (
        "silent_days = 14",
        'silent_days = 14\nmail_in = "trash"',
        "46: settings.mail_in: “trash” is not known; write",
    ),
    (
        'forwarded_on = ["office"]',
        'forwarded_on = ["offices"]',
        "48: phone.forwarded_on.0: “offices” is not known",
    ),
    (
        'forwarded_on = ["office"]',
        'forwarded_on = ["office"]\ntexts.hello = { en = "Hello." }',
        "49: phone.texts.hello: “hello” is not known",
    ),
    (
        '["office"]\n\n[price',
        '["office"]\ntexts.closed = "Closed."\n\n[price',
        "49: phone.texts.closed: should be",
    ),
    ("[phone]", "[phone]\nother_urgent = 1", "48: phone.other_urgent: should be true or false, not “1”"),
    ('site = "included"', 'site = "cheap"', "51: price_basis.basic.site: “cheap” is not known"),
    (
        'callback = ["prepaid"]',
        'callback = ["quote"]',
        "51: price_basis.basic.callback.0: “quote” is not known",
    ),
    (
        "[price_basis]",
        '[kind_prices]\nchnge = "quote"\n[price_basis]',
        "51: kind_prices.chnge: “chnge” is not known; write change",
    ),
    (
        "[price_basis]",
        '[kind_prices]\nchange = "free"\n[price_basis]',
        "51: kind_prices.change: “free” is not known",
    ),
    (
        "silent_days = 14",
        'silent_days = 14\nhourly_rate = "95"',
        "46: settings.hourly_rate: “95” is no price",
    ),
    ("basic = { site", "gold = { site", "51: price_basis.gold: “gold” is not known"),
    ('kind = "question"', 'kind = "query"', "55: categories.question.kind: “query” is not known"),
    (
        'kind = "question"',
        'kind = "question"\nplace = "shop"',
        "56: categories.question.place: “shop” is not known",
    ),
    (
        'kind = "question"',
        'kind = "question"\nparent = "question"',
        "56: categories.question.parent: “question” is no",
    ),
    ("[desk]", 'examples = ["desk.colour"]\n[desk]', "1: examples.0: “desk.colour” is no key of this file"),
    (
        "[settings]",
        '[plans.other]\nname = "Other"\nrank = 1\n[settings]',
        "43: plans.other.rank: “basic” has this rank",
    ),
    (
        "[contract_types.phone]",
        '[contract_types.bell]\nname = "Bell"\nalso_called = ["Phone"]\n[contract_types.phone]',
        "contract_types.phone: “bell” is called “phone” too",
    ),
    (
        '{ site = "included", callback = ["prepaid"] }',
        "3",
        "51: price_basis.basic: should be a table, not “3”",
    ),
    ('key = "corner"', 'key = "corner', "2: is not TOML: "),
    ('key = "corner"', 'key "corner"', "2: is not TOML: Expected '=' after a key"),
    ('kind = "question"', 'kind = "question"\nkind = "other"', "56: is not TOML: Cannot overwrite a value"),
    ('kind = "question"', 'kind = ["question"', "is not TOML: "),
]


def test_the_sound_preset_is_accepted() -> None:
    assert read(SOUND, file="corner.toml").desk.key == "corner"


@pytest.mark.parametrize(("sound", "broken", "message"), BROKEN, ids=[each[2][:60] for each in BROKEN])
def test_a_broken_preset_is_refused_with_line_key_and_advice(sound: str, broken: str, message: str) -> None:
    assert sound in SOUND
    with pytest.raises(PresetInvalid) as refusal:
        read(SOUND.replace(sound, broken, 1), file="corner.toml")
    assert message in str(refusal.value)
    assert str(refusal.value).startswith("corner.toml:")


def test_a_file_that_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(PresetInvalid, match="nested too deeply"):
        read(f"a = {'[' * 5000}{']' * 5000}", file="deep.toml")


ODD_VALUES = [
    "0",
    "-1",
    '""',
    '"x"',
    "[]",
    "[1]",
    "{}",
    "{ x = 1 }",
    "true",
    "1.5",
    "nan",
    "2026-01-01",
    '["x", []]',
]


@pytest.mark.parametrize("name", ["infobits", "softwear", "example"])
def test_no_value_of_any_kind_in_any_place_breaks_the_reading(name: str) -> None:
    lines = (FOLDER / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if " = " in line and not line.startswith("#"):
            odd = f"{line.split(' = ')[0]} = {ODD_VALUES[number % len(ODD_VALUES)]}"
            with contextlib.suppress(PresetInvalid):
                read("\n".join([*lines[:number], odd, *lines[number + 1 :]]), file=f"{name}.toml")


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_file() -> None:
    text = SOUND.replace('"NL"', '"XX"').replace('"channel"', '"canal"').replace("rank = 1", "rank = 1.5")
    with pytest.raises(PresetInvalid) as refusal:
        read(text, file="corner.toml")
    assert [(each.line, each.key) for each in refusal.value.problems] == [
        (5, "desk.country"),
        (16, "lines.office.kind"),
        (28, "plans.basic.rank"),
    ]
    assert len(str(refusal.value).splitlines()) == 3


def test_an_empty_file_says_what_a_preset_needs() -> None:
    with pytest.raises(PresetInvalid) as refusal:
        read("", file="empty.toml")
    assert "empty.toml: desk: is missing; write this table" in str(refusal.value)
    assert "empty.toml: lines: is missing; write this table" in str(refusal.value)


def test_the_words_of_a_problem_can_be_translated() -> None:
    with pytest.raises(PresetInvalid) as refusal:
        read(SOUND.replace("rank = 1", 'rank = "x"'), file="corner.toml")
    translated = refusal.value.render(
        {"should be a whole number, not “%(value)s”": "geen getal: %(value)s"}.__getitem__
    )
    assert translated == "corner.toml:28: plans.basic.rank: geen getal: x"


def test_a_preset_is_also_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "corner.toml"
    path.write_text(SOUND, encoding="utf-8")
    assert load(str(path)).desk.name == "Corner Tills"


def test_an_unknown_name_is_refused_with_the_one_that_is_meant() -> None:
    with pytest.raises(UnknownPreset, match="There is no preset “infobit”; write infobits"):
        load("infobit")
    with pytest.raises(UnknownPreset, match="write example, infobits, softwear"):
        load("zzz")


def test_a_file_that_is_not_there_or_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownPreset, match="No such file"):
        load(str(tmp_path / "missing.toml"))
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(UnknownPreset, match="cannot be read"):
        load(str(tmp_path / "folder.toml"))


def test_a_file_that_is_not_utf_8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes('[desk]\nname = "Café"\n'.encode("latin-1"))
    with pytest.raises(PresetInvalid, match=r"^latin\.toml:2: is not UTF-8"):
        load(str(path))


def test_the_shipped_presets_are_the_files_of_the_folder() -> None:
    assert {"softwear", "infobits", "example"} <= {each.stem for each in FOLDER.glob("*.toml")}
