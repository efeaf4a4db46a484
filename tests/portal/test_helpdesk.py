"""The page on which customers land: hours, support, phone, questions, what they have; and what is not for everybody."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from tests.cast import FRIDAY_AT_FOUR, at, contact
from tests.portal.reading import visitor, words

from balie.backups.models import BackupVideo
from balie.contracts.actions import book_credit
from balie.contracts.models import Contract, ContractType, CustomerTerms, Licence, Product
from balie.customers import phone_numbers
from balie.customers.models import Asset, AssetKind, Contact, PhoneNumber, Site
from balie.desk.models import DatedHours, Desk, Line
from balie.rules.lifecycle import Actor, Move
from balie.tickets import actions

pytestmark = pytest.mark.usefixtures("friday_at_four")

NUMBER = "085 000 00 00"


def page(person) -> str:
    answer = visitor(person).get(reverse("my_helpdesk"))
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(person) -> str:
    return words(page(person))


@pytest.fixture
def phone_contract(support_contract):
    """Carla's shop may phone; 020 229 29 29 is registered."""
    PhoneNumber.objects.create(
        customer=support_contract.customer,
        e164="+31202292929",
        label="winkel",
        registered_on=date(2026, 1, 2),
    )
    return support_contract


# -- Who gets the page -------------------------------------------------------------------------------------


def test_eve_must_log_in_and_comes_back_to_the_page(infobits):
    answer = visitor(None).get(reverse("my_helpdesk"))
    assert answer.url == f"{reverse('account_login')}?next={reverse('my_helpdesk')}"


def test_an_agent_is_shown_to_the_queue(infobits, anna):
    assert visitor(anna).get(reverse("my_helpdesk")).url == reverse("queue")


def test_dario_sees_nothing_of_carlas(infobits, sla8, phone_contract, bakery, carla, dario, asks):
    asks(carla, infobits, "Geheim van de bakker")
    Site.objects.create(customer=bakery, name="Vestiging Haven")
    html = page(dario)
    for secret in ("Geheim van de bakker", "Vestiging Haven", "020 229 29 29", "InfokasV3", bakery.name):
        assert secret not in html


def test_somebody_whom_nobody_placed_gets_a_page_that_says_so(infobits, asks):
    udo = contact("Udo", None)
    asks(udo, infobits, "Vraag van Udo")
    text = text_of(udo)
    assert "The desk has not placed you at a company yet." in text
    assert "Vraag van Udo" in text


def test_the_page_costs_at_most_twelve_queries_whatever_the_customer_has(
    infobits, sla8, phone_contract, bakery, carla, asks, django_assert_max_num_queries
):
    for number in range(8):
        asks(carla, infobits, f"Vraag {number}")
        site = Site.objects.create(customer=bakery, name=f"Vestiging {number}")
        Asset.objects.create(customer=bakery, site=site, name="Yuno")
        PhoneNumber.objects.create(
            customer=bakery, e164=f"+3120555010{number}", registered_on=date(2026, 1, 2)
        )
        Licence.objects.create(customer=bakery, product=Product.objects.get(key="ts-pos"))
    browser = visitor(carla)
    browser.get(reverse("my_helpdesk"))
    with django_assert_max_num_queries(12):
        browser.get(reverse("my_helpdesk"))


# -- Hours -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("2026-11-20 08:59", "closed opens at 09:00 09:00-17:00"),
        ("2026-11-20 16:59", "open closes at 17:00 09:00-17:00"),
        ("2026-11-20 17:00", "closed opens Monday 09:00 09:00-17:00"),
        ("2026-11-22 12:00", "closed opens tomorrow 09:00 All opening hours"),
        ("2026-12-25 10:00", "closed opens Monday 09:00 Christmas Day"),
    ],
)
def test_today_is_told_with_what_changes_next(infobits, carla, clock, moment, says):
    clock(moment)
    assert f"Helpdesk {says}" in text_of(carla)


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        ("2026-11-20 08:59", 61),  # just after it opens
        ("2026-11-20 16:50", 601),
        ("2026-11-20 12:00", 900),  # nothing changes for hours: the day itself goes on
    ],
)
def test_a_page_that_stays_open_asks_anew_when_a_line_opens_or_closes(
    infobits, carla, clock, moment, seconds
):
    clock(moment)
    shown = page(carla)
    address = reverse("my_hours")
    assert f'hx-get="{address}" hx-trigger="every {seconds}s"' in shown


def test_the_hours_that_are_asked_anew_are_those_of_that_moment(infobits, carla, clock):
    clock("2026-11-20 09:00")
    piece = visitor(carla).get(reverse("my_hours")).content.decode()
    assert "closes at 17:00" in piece and "<html" not in piece


def test_an_exception_of_today_says_why(infobits, carla):
    line = Line.objects.get(key="helpdesk")
    DatedHours.objects.create(line=line, on=date(2026, 11, 20), hours="10:00-12:00", because="Verhuizing")
    text = text_of(carla)
    assert "10:00-12:00 Verhuizing" in text


def test_the_bar_of_today_shows_the_open_hours_to_everybody(infobits, carla):
    bar = re.search(r'<svg class="today-bar".*?</svg>', page(carla), re.DOTALL)
    assert bar
    assert 'aria-label="Helpdesk today: 09:00-17:00"' in bar[0]
    assert 'x="540" y="0" width="480"' in bar[0]


def test_softwear_tells_what_each_line_is_for_and_its_number_SW_01(softwear, carla):
    text = text_of(carla)
    assert "020 229 29 29" in text
    assert "by phone: urgent incidents" in text
    assert "by phone: incidents at the till" in text


# -- Support (IB-08 to IB-19) ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "says", "because"),
    [
        ({}, "SLA24: valid Response normally within 24 working hours", "IB-09: nobody is obliged"),
        (
            {"licence": None},
            "SLA8: valid Response within 8 working hours Hours that count Helpdesk: Mon-Fri 09:00-17:00",
            "IB-16",
        ),
        ({"licence": "2026-12-31"}, "SLA8: valid until 31-12-2026 Response within 8 working hours", "IB-18"),
        ({"licence": "2026-10-01"}, "SLA8: expired on 01-10-2026 Response normally within 24", "IB-18"),
        (
            {"licence": None, "phone": True},
            "Hours that count Contract zone 1: Mon-Fri 09:00-17:00; Sat 09:00-12:00",
            "IB-30",
        ),
        ({"paid": "2020-01-01"}, "Payment status: support is given after payment", "IB-13"),
    ],
)
def test_the_status_is_told_in_words_with_what_it_means(infobits, bakery, carla, terms, says, because):
    if "licence" in terms:
        product = Product.objects.get(key="infokasv3-l")
        Licence.objects.create(customer=bakery, product=product, valid_until=terms["licence"])
    if "phone" in terms:
        Contract.objects.create(customer=bakery, type=ContractType.objects.get(key="phone-support"))
    if "paid" in terms:
        CustomerTerms.objects.create(customer=bakery, last_paid_support_on=terms["paid"])
    assert says in text_of(carla), because


@pytest.mark.parametrize(
    ("product", "contract", "site", "call"),
    [
        (None, None, "free", "paid beforehand"),
        ("infokasv3-l", None, "included", "paid beforehand or paid afterwards"),
        ("infokasv3-l", "phone-support", "included", "covered by your contract"),
        ("charity", None, "free", "free"),
    ],
)
def test_how_a_question_and_a_call_back_are_paid_IB_19(
    infobits, bakery, carla, product, contract, site, call
):
    if product:
        Licence.objects.create(customer=bakery, product=Product.objects.get(key=product))
    if contract:
        Contract.objects.create(customer=bakery, type=ContractType.objects.get(key=contract))
    text = text_of(carla)
    assert f"A question on the site {site} Call-back or AnyDesk {call}" in text


def test_what_is_left_of_the_quota_is_shown_in_dots_and_words_IB_10(infobits, carla, asks):
    asks(carla, infobits)
    html = page(carla)
    assert "1 of 2 left" in words(html)
    assert "and 3 reactions on each" in words(html)
    assert html.count('class="quota-dot is-used"') == 1
    assert html.count('class="quota-dot"') == 1


def test_a_used_up_quota_tells_what_can_be_done_and_from_when_IB_10(infobits, carla, asks):
    free = text_of(carla)
    assert "Here you can ask everything." in free
    assert "The free questions of this month have been asked." not in free
    asks(carla, infobits, "Een")
    asks(carla, infobits, "Twee")
    text = text_of(carla)
    assert "these are used up. What you can do: From 01-12-2026 on " in text
    assert "Paid beforehand (prepaid) it can be asked now, also as a call-back." in text
    assert "A question on the site free The free questions of this month have been asked." in text
    assert "Here you can ask everything." not in text


def test_a_charity_reads_that_its_support_is_free_and_does_not_lapse_IB_07_IB_13(infobits, bakery, carla):
    says = "As a charity you have this support free; it does not lapse."
    assert says not in text_of(carla)
    Licence.objects.create(customer=bakery, product=Product.objects.get(key="charity"))
    assert says in text_of(carla)


@pytest.mark.parametrize(("plan", "says"), [(None, "Response normally due"), ("infokasv3-l", "Response due")])
def test_the_deadline_of_a_free_plan_is_what_is_normal_IB_09(infobits, bakery, carla, asks, plan, says):
    if plan:
        Licence.objects.create(customer=bakery, product=Product.objects.get(key=plan))
    asks(carla, infobits)
    assert f"· {says} " in text_of(carla)


def test_a_used_up_quota_says_so_and_what_the_support_means_otherwise(infobits, carla, asks):
    asks(carla, infobits, "Een")
    asks(carla, infobits, "Twee")
    text = text_of(carla)
    assert "tickets a month, and these are used up." in text
    assert "normally within 24 working hours" in text
    assert "0 of 2 left" in text


def test_without_limits_no_quota_is_shown(infobits, sla8, carla):
    assert "Questions this month" not in text_of(carla)


def test_the_payment_status_tells_how_to_go_on_IB_13(infobits, bakery, carla):
    CustomerTerms.objects.create(customer=bakery, last_paid_support_on="2020-01-01")
    text = text_of(carla)
    assert "We begin when the payment is in." in text
    assert "the desk books your payment as credit" in text
    assert "SLA24 ended on 01-01-2022" in text
    assert Desk.objects.get().how_to_pay_en in text
    assert f"Your customer number is {bakery.number}." in text
    assert "What an hour costs" not in text, "amounts are for who may see money"
    Contact.objects.filter(pk=carla.pk).update(may_see_money=True)
    rates = "What an hour costs: € 85.00 (Contract zone 1), € 127.50 (Contract zone 2)"
    assert rates in text_of(Contact.objects.get(pk=carla.pk))


def test_a_desk_that_does_not_say_how_to_pay_shows_nothing_of_it_IB_13(infobits, bakery, carla):
    Desk.objects.update(how_to_pay_nl="", how_to_pay_en="")
    CustomerTerms.objects.create(customer=bakery, last_paid_support_on="2020-01-01")
    assert "Your customer number" not in text_of(carla)


def test_a_call_back_that_must_be_accepted_says_so_IB_20(infobits, sla8, bakery, carla):
    CustomerTerms.objects.create(customer=bakery, maintained_by="third_party")
    assert "The desk first accepts or declines the request." in text_of(carla)


def test_a_desk_without_plans_promises_nothing_and_says_so(softwear, carla):
    text = text_of(carla)
    assert "No response time is promised." in text
    assert "Your credit" not in text


def test_money_is_for_who_may_see_it(infobits, bakery, carla):
    book_credit(bakery, minutes=45, because="Factuur", by=None, now=FRIDAY_AT_FOUR)
    Licence.objects.create(customer=bakery, product=Product.objects.get(key="ts-pos"))
    hidden = text_of(carla)
    assert "Your credit" not in hidden
    assert "EUR" not in hidden
    Contact.objects.filter(pk=carla.pk).update(may_see_money=True)
    shown = text_of(carla)
    assert "Your credit 45 minutes" in shown
    assert "With SLA8, EUR 5.00 a month," in shown


@pytest.mark.parametrize(
    ("contract", "may_order", "says"),
    [(None, False, True), (None, True, False), ("phone-support", False, False)],
)
def test_who_may_not_order_reads_that_a_paid_call_back_is_for_others(
    infobits, sla8, bakery, carla, contract, may_order, says
):
    if contract:
        Contract.objects.create(customer=bakery, type=ContractType.objects.get(key=contract))
    Contact.objects.filter(pk=carla.pk).update(may_order=may_order)
    assert ("This is for colleagues who may order paid work." in text_of(carla)) is says


# -- The phone (IB-01, IB-02, IB-04) -----------------------------------------------------------------------


def test_with_a_phone_contract_the_number_is_there_with_the_registered_numbers_IB_01(
    infobits, sla8, phone_contract, carla
):
    text = text_of(carla)
    assert NUMBER in text
    assert "Call from one of your registered numbers, with the number shown." in text
    assert "020 229 29 29 winkel" in text
    assert "No hurry? Ask a question." in text


def test_without_a_registered_number_the_page_says_what_is_missing_IB_02(
    infobits, sla8, support_contract, carla
):
    text = text_of(carla)
    assert NUMBER in text
    assert "No number of yours is registered yet." in text


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("2026-11-20 16:00", "can be reached now closes at 21:00"),
        ("2026-11-20 18:30", "can be reached now closes at 21:00"),
        ("2026-11-21 12:00", "can be reached now closes at 17:00"),
        ("2026-11-22 18:05", "not answered now opens tomorrow 09:00"),
    ],
)
def test_the_hours_stand_beside_the_number_zones_included_IB_03_IB_29(
    infobits, phone_contract, carla, clock, moment, says
):
    clock(moment)
    week = "Mon-Fri 09:00-21:00; Sat 09:00-17:00; Sun 10:00-17:00"
    assert f"{NUMBER} {says} {week}" in text_of(carla)


@pytest.mark.parametrize(
    ("until", "says"),
    [
        (None, "Only customers with a phone support contract can phone."),
        ("2026-11-19", "ended on 19-11-2026, so the desk cannot be phoned."),
    ],
)
def test_without_a_phone_contract_the_number_is_nowhere_and_a_ticket_is_the_way_IB_01_IB_04(
    infobits, sla8, bakery, carla, until, says
):
    if until:
        kind = ContractType.objects.get(key="phone-support")
        Contract.objects.create(customer=bakery, type=kind, valid_until=until)
    html = page(carla)
    assert NUMBER not in html
    assert Desk.objects.get().phone_number not in html
    assert "No hurry, or no phone number here? Ask a question." in words(html)
    assert says in words(html)


def test_a_phone_contract_that_ends_today_still_shows_the_number_IB_01(infobits, sla8, bakery, carla):
    kind = ContractType.objects.get(key="phone-support")
    Contract.objects.create(customer=bakery, type=kind, valid_until="2026-11-20")
    assert NUMBER in text_of(carla)


# -- Questions and belongings ------------------------------------------------------------------------------


def test_the_newest_open_questions_are_there_and_the_way_to_all(infobits, sla8, anna, carla, asks):
    tickets = [asks(carla, infobits, f"Vraag {number}") for number in range(7)]
    actions.move(tickets[6], Move.CLOSE, actor=Actor.AGENT, by=anna, situation=at(infobits))
    html = page(carla)
    assert re.findall(r"Vraag \d", html) == ["Vraag 5", "Vraag 4", "Vraag 3", "Vraag 2", "Vraag 1"]
    assert "Show all open questions" in html


def test_when_nothing_is_open_the_page_says_so_and_leads_on(infobits, carla):
    assert "Nothing is open" in text_of(carla)


def test_contracts_licences_shops_and_tills_are_there_with_their_dates(infobits, bakery, carla):
    product, kind = Product.objects.get(key="infokasv3-l"), ContractType.objects.get(key="haas")
    Licence.objects.create(customer=bakery, product=product, valid_until="2026-12-01")
    Licence.objects.create(
        customer=bakery, product=Product.objects.get(key="ts-pos"), valid_until="2026-01-31"
    )
    Contract.objects.create(customer=bakery, type=kind, valid_from="2027-01-01")
    site = Site.objects.create(customer=bakery, name="Haven", city="IJmuiden", tills=3)
    for number in range(2):
        Asset.objects.create(
            customer=bakery, site=site, name=f"Epson {number}", kind=AssetKind.RECEIPT_PRINTER
        )
    Asset.objects.create(customer=bakery, site=site, name="Yuno", kind=AssetKind.TILL)
    html = page(carla)
    text = words(html)
    assert "InfokasV3 type L valid until 01-12-2026 TS Pos expired on 31-01-2026" in text, (
        "valid before ended"
    )
    assert f"{kind.name_en} begins on 01-01-2027" in text
    assert "Haven, IJmuiden 3 tills 2 × receipt printer" in text
    assert 'bg-yellow-lt">valid until 01-12-2026' in html, "it ends within a month"


def test_equipment_at_a_site_of_another_customer_is_not_shown(infobits, bakery, florist, carla):
    elsewhere = Site.objects.create(customer=florist, name="Geheime vestiging")
    Asset.objects.create(customer=bakery, site=elsewhere, name="Yuno", kind=AssetKind.SCANNER)
    assert "Geheime vestiging" not in page(carla)


@pytest.mark.parametrize("reach", ["own", "site"])
def test_a_colleague_who_does_not_see_everything_sees_the_status_but_not_the_papers_IB_18(
    infobits, sla8, bakery, reach
):
    site = Site.objects.create(customer=bakery, name="Haven")
    text = text_of(contact("Otto", bakery, reach=reach, site=site))
    assert "SLA8: valid" in text
    assert "Contracts and licences" not in text
    assert "Shops and tills" not in text


# -- Phone numbers -----------------------------------------------------------------------------------------


def hand_in(person, number: str = "06 12 34 56 78", label: str = "Marga"):
    return visitor(person).post(reverse("my_number_hand_in"), {"number": number, "label": label}, follow=True)


def test_a_number_is_handed_in_and_waits_for_the_desk_IB_02(infobits, sla8, support_contract, carla):
    text = words(hand_in(carla).content.decode())
    assert "06 12 34 56 78 is handed in. You get a mail when the desk has confirmed it." in text
    assert "06 12 34 56 78 Marga waits for the desk" in text
    assert "No number of yours is registered yet." in text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("020 BAKKER", "“020 BAKKER” has letters in it."),
        ("123", "“123” is not a phone number in use."),
        ("", "This field is required."),
    ],
)
def test_what_cannot_be_read_comes_back_as_it_was_typed(infobits, sla8, support_contract, carla, typed, says):
    answer = hand_in(carla, typed)
    assert answer.status_code == 422
    assert says in words(answer.content.decode())
    assert f'value="{typed}"' in answer.content.decode() or not typed
    assert not PhoneNumber.objects.exists()


def test_a_refused_number_shows_why(infobits, sla8, support_contract, carla, anna):
    hand_in(carla)
    number = PhoneNumber.objects.get()
    phone_numbers.refuse(number.pk, because="Van een ander bedrijf.", by=anna, now=FRIDAY_AT_FOUR)
    text = text_of(carla)
    assert "not registered Van een ander bedrijf." in text


def test_a_number_is_removed_after_a_confirmation(infobits, sla8, phone_contract, carla):
    number = PhoneNumber.objects.get()
    html = page(carla)
    assert "Yes, remove it" in html
    assert "Calls from this number are then put through no longer." in html
    answer = visitor(carla).post(reverse("my_number_remove", args=[number.pk]), follow=True)
    assert "020 229 29 29 is off the list." in words(answer.content.decode())
    assert not PhoneNumber.objects.exists()


def test_a_colleague_who_does_not_see_everything_keeps_no_numbers(infobits, sla8, phone_contract, bakery):
    otto, number = contact("Otto", bakery, reach="own"), PhoneNumber.objects.get()
    html = page(otto)
    assert "Yes, remove it" not in html
    assert "Hand in the number" not in html
    assert hand_in(otto).status_code == 404
    assert visitor(otto).post(reverse("my_number_remove", args=[number.pk])).status_code == 404
    assert PhoneNumber.objects.count() == 1


def test_dario_removes_no_number_of_carlas(infobits, sla8, phone_contract, dario):
    number = PhoneNumber.objects.get()
    assert visitor(dario).post(reverse("my_number_remove", args=[number.pk])).status_code == 404
    assert PhoneNumber.objects.count() == 1


def test_numbers_that_the_desk_only_knows_are_not_shown_as_registered(
    infobits, sla8, support_contract, bakery, carla
):
    PhoneNumber.objects.create(customer=bakery, e164="+31202292929")
    assert "020 229 29 29" not in page(carla)


def test_where_nobody_is_recognised_no_numbers_are_kept(softwear, bakery, carla):
    PhoneNumber.objects.create(customer=bakery, e164="+31612345678", registered_on=date(2026, 1, 2))
    html = page(carla)
    assert "Your phone numbers" not in html
    assert "06 12 34 56 78" not in html


# -- Back-ups (IB-25, IB-27, IB-28) ------------------------------------------------------------------------


def test_the_advice_about_back_ups_is_there_IB_25_IB_27(infobits, carla):
    text = text_of(carla)
    assert "Paper is not enough." in text
    assert "The tax office wants the digital data of your till, within a reasonable term." in text
    assert "In an online folder such as Dropbox or OneDrive" in text


def test_the_video_is_offered_only_when_the_desk_has_one_IB_28(infobits, carla):
    assert "Mail me the instruction video" not in page(carla)
    BackupVideo.objects.create(pk=1, link="https://video.example/back-up")
    assert "Mail me the instruction video" in page(carla)
