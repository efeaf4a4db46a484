"""Who sees which ticket: the query and the rule of visibility must be one."""

from __future__ import annotations

from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from tests.cast import at, browser_of, contact

from balie.audit.models import Entry
from balie.customers.access import viewer_of, viewer_of_contact
from balie.customers.models import Contact, Reach, Site
from balie.rules import visibility
from balie.rules.visibility import Thing, may_read
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.access import (
    AsViewer,
    attachment_for,
    may_read_of,
    messages_for,
    place_of,
    public_messages,
    ticket_for,
    visible_tickets,
)
from balie.tickets.actions import Upload, Writing
from balie.tickets.models import Ticket


def opened(contact: Contact, desk, subject: str = "Vraag", **writing) -> Ticket:
    return actions.take_in(
        contact, Wish(Channel.MAIL), subject=subject, writing=Writing("tekst", **writing), situation=at(desk)
    )


def test_the_query_and_the_rule_agree_for_everybody(infobits, bakery, florist):
    sites = [Site.objects.create(customer=bakery, name=name) for name in ("Markt", "Station")]
    contacts = [
        contact(f"{customer.number}-{reach}-{index}", customer, reach=reach, site=site)
        for index, (customer, reach, site) in enumerate(
            (customer, reach, site)
            for customer, reach, site in product([bakery, florist], Reach.values, [*sites, None])
            if (site is not None or reach != Reach.SITE) and (site is None or customer == bakery)
        )
    ]
    strangers = [contact("vreemde", None), contact("ander", None)]
    tickets = [opened(each, infobits) for each in [*contacts, *strangers]]
    tickets[0].people.add(contacts[-1], contacts[1], strangers[0])
    viewers = [viewer_of_contact(each) for each in [*contacts, *strangers]]
    prepared = AsViewer(lambda theirs: theirs.values_list("pk"))
    for viewer in [*viewers, visibility.Agent(), visibility.Agent(administers=True), visibility.Nobody()]:
        by_rule = {each.pk for each in tickets if may_read(viewer, Thing.TICKET, place_of(each))}
        assert set(visible_tickets(viewer).values_list("pk", flat=True)) == by_rule, viewer
        assert {key for (key,) in prepared.all(viewer)} == by_rule, viewer
        for each, thing in product(tickets, (Thing.TICKET, Thing.TICKET_MONEY)):
            assert may_read_of(viewer, thing, each) == may_read(viewer, thing, place_of(each)), viewer


def test_dario_and_eve_find_nothing_of_carlas(infobits, anna, carla, dario):
    ticket = opened(carla, infobits)
    for stranger in (dario.user, AnonymousUser()):
        with pytest.raises(Http404):
            ticket_for(stranger, ticket.number)
    assert ticket_for(carla.user, ticket.number) == ticket_for(anna, ticket.number) == ticket


def test_a_contact_reads_no_internal_note_and_not_its_file(infobits, anna, carla):
    ticket = opened(carla, infobits)
    note = actions.note(
        ticket,
        writing=Writing("Niet voor de klant", uploads=[Upload("intern.txt", "text/plain", b"geheim")]),
        by=anna,
        situation=at(infobits),
    )
    file = note.attachments.get()
    assert [each.text for each in messages_for(carla.user, ticket)] == ["tekst"]
    assert [each.text for each in public_messages(ticket)] == ["tekst"]
    assert len(messages_for(anna, ticket)) == 2
    assert attachment_for(anna, file.pk) == file
    with pytest.raises(Http404):
        attachment_for(carla.user, file.pk)


def test_a_file_of_another_customer_does_not_exist(infobits, carla, dario):
    ticket = opened(carla, infobits, uploads=[Upload("bon.txt", "text/plain", b"1 brood")])
    file = ticket.messages.get().attachments.get()
    assert attachment_for(carla.user, file.pk) == file
    with pytest.raises(Http404):
        attachment_for(dario.user, file.pk)


def test_an_agent_who_left_is_nobody(anna):
    anna.agent.is_active = False
    anna.agent.save()
    assert viewer_of(type(anna).objects.get(pk=anna.pk)) == visibility.Nobody()


def test_a_contact_who_left_is_nobody(carla):
    Contact.objects.update(is_active=False)
    assert viewer_of(type(carla.user).objects.get(pk=carla.user_id)) == visibility.Nobody()


def test_who_is_placed_at_a_customer_brings_its_questions_along(infobits, willem, bakery):
    stranger = contact("vreemde", None)
    ticket = opened(stranger, infobits)
    decision = ticket.decision

    page = f"/admin/customers/contact/{stranger.pk}/change/"
    sent = browser_of(willem).post(
        page,
        {
            "customer": bakery.pk,
            "user": stranger.user_id,
            "name": stranger.name,
            "email": stranger.email,
            "language": "nl",
            "reach": "own",
            "is_active": "on",
        },
    )

    assert sent.status_code == 302, sent.content.decode()
    ticket.refresh_from_db()
    assert ticket.customer == bakery
    assert ticket.decision == decision, "the terms that it was made under stay"
    assert ticket_for(type(stranger.user).objects.get(pk=stranger.user_id), ticket.number) == ticket
    assert Entry.objects.filter(action="place").exists()
