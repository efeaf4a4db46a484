"""Customers, logins and agents in the administration, and what goes on the record."""

from __future__ import annotations

from django.core import mail
from django.urls import reverse
from tests.admin.pages import errors_of, send
from tests.cast import at, browser_of

from balie.accounts.invitations import invited_user
from balie.accounts.models import Agent, Role, User
from balie.audit.models import Entry
from balie.contracts.models import Contract, ContractType, CustomerTerms
from balie.customers.models import Contact, Customer, PhoneNumber, Site
from balie.desk.models import Desk
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.models import Category, Ticket


def page_of(row: object) -> str:
    meta = row._meta  # type: ignore[attr-defined]
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])  # type: ignore[attr-defined]


# Customers


def test_a_customer_is_kept_with_its_sites_phones_contracts_and_terms(
    infobits: Desk, willem: User, bakery: Customer
) -> None:
    phone_support = ContractType.objects.get(key="phone-support")
    saved = send(
        browser_of(willem),
        page_of(bakery),
        **{
            "sites-TOTAL_FORMS": 1,
            "sites-0-name": "Markt",
            "sites-0-tills": 2,
            "phone_numbers-TOTAL_FORMS": 1,
            "phone_numbers-0-e164": "+31205550101",
            "contracts-TOTAL_FORMS": 1,
            "contracts-0-type": phone_support.pk,
            "contracts-0-valid_from": "2026-01-01",
            "terms-TOTAL_FORMS": 1,
            "terms-0-maintained_by": "third_party",
            "terms-0-charity_application": "none",
        },
    )
    assert saved.status_code == 302
    assert Site.objects.get(customer=bakery).tills == 2
    assert Contract.objects.get(customer=bakery).type == phone_support
    assert CustomerTerms.objects.get(customer=bakery).maintained_by == "third_party"
    parts = Entry.objects.get(action="change", subject_type="customers.customer").data["parts"]
    assert {part["add"] for part in parts} == {
        "customers.site",
        "customers.phonenumber",
        "contracts.contract",
        "contracts.customerterms",
    }


def test_a_number_that_is_none_is_refused_in_words(infobits: Desk, willem: User, bakery: Customer) -> None:
    number = {"phone_numbers-TOTAL_FORMS": 1, "phone_numbers-0-e164": "020 555"}
    refused = send(browser_of(willem), page_of(bakery), kvk="1234", **number)
    assert "has eight digits" in errors_of(refused)
    assert "not a phone number in the international form" in errors_of(refused)
    assert not PhoneNumber.objects.exists()


def test_a_contract_does_not_end_before_it_begins(infobits: Desk, willem: User, bakery: Customer) -> None:
    contract = {
        "contracts-TOTAL_FORMS": 1,
        "contracts-0-type": ContractType.objects.get(key="haas").pk,
        "contracts-0-valid_from": "2026-02-01",
        "contracts-0-valid_until": "2026-01-01",
    }
    assert "ends before it begins" in errors_of(send(browser_of(willem), page_of(bakery), **contract))


def test_a_contact_gets_no_site_of_another_customer(
    infobits: Desk, willem: User, carla: Contact, florist: Customer
) -> None:
    foreign = Site.objects.create(customer=florist, name="Kas")
    assert "another customer" in errors_of(send(browser_of(willem), page_of(carla), site=foreign.pk))


# Logins


def test_an_invited_user_gets_a_link_by_mail_that_sets_a_password(infobits: Desk, willem: User) -> None:
    browser = browser_of(willem)
    new = {"name": "Chantal", "email": "chantal@desk.example", "language": "en", "is_active": "on"}
    agent = {"agent-TOTAL_FORMS": 1, "agent-0-role": "agent", "agent-0-is_active": "on"}
    assert send(browser, "/admin/accounts/user/add/", **new, **agent).status_code == 302
    chantal = User.objects.get(email="chantal@desk.example")
    assert not chantal.has_usable_password()
    assert chantal.agent.role == Role.AGENT
    page = browser.post(reverse("admin:accounts_user_invite", args=[chantal.pk]), follow=True)
    letter = mail.outbox[-1]
    assert letter.to == ["chantal@desk.example"]
    link = next(word for word in letter.body.split() if "/account/invitation/" in word)
    assert link in page.content.decode()
    assert (
        invited_user(link.rstrip("/").rpartition("/")[2], now=Entry.objects.get(action="invite").at)
        == chantal
    )
    assert Entry.objects.get(action="invite").actor_id == willem.pk


def test_an_agent_invites_nobody(infobits: Desk, anna: User, ben: User) -> None:
    assert browser_of(anna).post(reverse("admin:accounts_user_invite", args=[ben.pk])).status_code == 403
    assert mail.outbox == []


def test_nobody_sees_a_password_not_even_hashed(infobits: Desk, willem: User, anna: User) -> None:
    page = browser_of(willem).get(page_of(anna)).content.decode()
    assert anna.password not in page
    assert 'name="password"' not in page


def test_the_only_administrator_stays_one(infobits: Desk, willem: User) -> None:
    browser = browser_of(willem)
    alone = Agent.objects.get(user=willem)
    assert "only administrator" in errors_of(send(browser, page_of(alone), role="agent"))
    assert "only administrator" in errors_of(send(browser, page_of(willem), is_active=None))
    willem.refresh_from_db()
    assert willem.is_active


def test_with_a_second_administrator_the_first_may_go(infobits: Desk, willem: User, anna: User) -> None:
    Agent.objects.filter(user=anna).update(role=Role.ADMINISTRATOR)
    assert send(browser_of(willem), page_of(Agent.objects.get(user=anna)), role="agent").status_code == 302
    assert Agent.objects.get(user=anna).role == Role.AGENT
    change = Entry.objects.get(action="change").data["fields"]
    assert change == {"role": ["administrator", "agent"]}


def test_users_and_agents_are_never_deleted(infobits: Desk, willem: User, anna: User) -> None:
    for row in (anna, Agent.objects.get(user=anna)):
        address = page_of(row).replace("/change/", "/delete/")
        assert browser_of(willem).post(address, {"post": "yes"}).status_code == 403


# Tickets and the record


def ticket_of(carla: Contact, desk: Desk) -> Ticket:
    writing = actions.Writing("Pinnen lukt niet.")
    return actions.open(
        carla, Wish(Channel.PORTAL), subject="Pin", writing=writing, by=carla.user, situation=at(desk)
    )


def test_of_a_ticket_only_the_category_is_put_right(infobits: Desk, willem: User, carla: Contact) -> None:
    ticket = ticket_of(carla, infobits)
    category = Category.objects.get(key="till-pin-payment")
    browser = browser_of(willem)
    assert list(browser.get(page_of(ticket)).context["adminform"].form.fields) == ["category"]
    browser.post(page_of(ticket), {"category": category.pk, "state": "closed", "subject": "Anders"})
    ticket.refresh_from_db()
    assert (ticket.category, ticket.state, ticket.subject) == (category, "new", "Pin")
    assert browser.post(page_of(ticket).replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_the_record_cannot_be_written_in_the_browser(infobits: Desk, willem: User, carla: Contact) -> None:
    ticket_of(carla, infobits)
    entry = Entry.objects.first()
    assert entry is not None
    browser = browser_of(willem)
    assert browser.get(page_of(entry)).status_code == 200
    assert browser.post(page_of(entry), {"who": "Nobody"}).status_code == 403
    assert browser.post(page_of(entry).replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert Entry.objects.filter(pk=entry.pk, who=entry.who).exists()


def test_the_history_of_a_thing_is_its_record(infobits: Desk, willem: User, carla: Contact) -> None:
    ticket = ticket_of(carla, infobits)
    other = ticket_of(carla, infobits)
    history = browser_of(willem).get(page_of(ticket).replace("change", "history"), follow=True)
    found = {entry.subject_id for entry in history.context["cl"].result_list}
    assert found == {str(ticket.pk)}
    assert str(other.pk) not in found


def test_topics_are_put_in_order_in_the_list_of_topics_and_it_is_on_the_record_SW_03(
    infobits: Desk, willem: User
) -> None:
    browser, address = browser_of(willem), "/admin/tickets/category/"
    page = browser.get(address)
    formset = page.context["cl"].formset
    first = formset.forms[0].instance
    data = {"_save": "Save"}
    for form in (formset.management_form, *formset.forms):
        for name in form.fields:
            value = form[name].value()
            if value not in (None, False):
                data[form.add_prefix(name)] = "on" if value is True else value
    data["form-0-position"] = 77
    data["form-0-may_phone_in_office_hours"] = "on"
    assert browser.post(address, data).status_code == 302
    first.refresh_from_db()
    assert (first.position, first.may_phone_in_office_hours) == (77, True)
    changed = Entry.objects.get(action="change", subject_type="tickets.category").data["fields"]
    assert changed["position"][1] == 77
