"""Who may read what, as a matrix that is written out by hand here and must equal the code's table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from balie.rules import visibility
from balie.rules.visibility import (
    MONEY,
    READERS,
    Agent,
    Contact,
    Nobody,
    Place,
    Reach,
    Standing,
    Thing,
    Viewer,
)

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "visibility.md"

BAKERY, BOOKSHOP = 1, 2
HIGH_STREET, STATION = 11, 12
CARLA, CARLAS_COLLEAGUE, DARIO, FINN = 101, 102, 201, 301

VIEWERS: dict[str, Viewer] = {
    "administrator": Agent(administers=True),
    "Anna, agent": Agent(),
    "Ben, agent of another team": Agent(),
    "Carla, all": Contact(CARLA, BAKERY, Reach.ALL, sees_money=True),
    "Carla, all, no money": Contact(CARLA, BAKERY, Reach.ALL),
    "Carla, all, lets colleagues in": Contact(CARLA, BAKERY, Reach.ALL, manages=True),
    "Carla, own, lets colleagues in": Contact(CARLA, BAKERY, Reach.OWN, manages=True),
    "Carla, site": Contact(CARLA, BAKERY, Reach.SITE, frozenset({HIGH_STREET}), sees_money=True),
    "Carla, own": Contact(CARLA, BAKERY, Reach.OWN, sees_money=True),
    "Carla, own, no money": Contact(CARLA, BAKERY, Reach.OWN),
    "Dario, all": Contact(DARIO, BOOKSHOP, Reach.ALL, sees_money=True, manages=True),
    "Finn, not placed yet": Contact(FINN, None, Reach.ALL, sees_money=True, manages=True),
    "Eve, nobody": Nobody(),
}
PLACES = {
    "Carla's ticket": Place(BAKERY, HIGH_STREET, frozenset({CARLA})),
    "colleague's ticket at Carla's site": Place(BAKERY, HIGH_STREET, frozenset({CARLAS_COLLEAGUE})),
    "colleague's ticket elsewhere": Place(BAKERY, STATION, frozenset({CARLAS_COLLEAGUE})),
    "Carla's ticket elsewhere": Place(BAKERY, STATION, frozenset({CARLA})),
    "ticket without a site": Place(BAKERY, None, frozenset({CARLAS_COLLEAGUE})),
    "the bakery": Place(BAKERY),
    "the desk": Place(),
    "Finn's ticket": Place(on_ticket=frozenset({FINN})),
    "ticket of another stranger": Place(on_ticket=frozenset({302})),
}
OF_NO_CUSTOMER = dict.fromkeys(("the desk", "Finn's ticket", "ticket of another stranger"), "")

# Which letters a viewer may read at a place: ticket, public Message, Attachment, Internal note, its
# attachment (X), money on a ticket (€), Helpdesk page, Customer page, money of the customer ($), coLleagues, suPport
# costs, desk settings (S).
LETTERS = dict(zip("tMAIX€HC$LPS", Thing, strict=True))
ALL_OF_A_CUSTOMER, DESK, ADMIN = "tMA€HC$", "tMAIX€HC$LP", "tMAIX€HC$LPS"
IN_REACH, ONLY_HELPDESK_PAGE, NOTHING = "tMA€H", "H", ""

MATRIX: dict[str, dict[str, str]] = {
    "administrator": dict.fromkeys(PLACES, ADMIN),
    "Anna, agent": dict.fromkeys(PLACES, DESK),
    "Ben, agent of another team": dict.fromkeys(PLACES, DESK),
    "Carla, all": {**dict.fromkeys(PLACES, ALL_OF_A_CUSTOMER), **OF_NO_CUSTOMER},
    "Carla, all, no money": {**dict.fromkeys(PLACES, "tMAHC"), **OF_NO_CUSTOMER},
    "Carla, all, lets colleagues in": {**dict.fromkeys(PLACES, "tMAHCL"), **OF_NO_CUSTOMER},
    "Carla, own, lets colleagues in": {  # the database has no such contact; the table holds for it all the same
        **dict.fromkeys(PLACES, ONLY_HELPDESK_PAGE),
        "Carla's ticket": "tMAH",
        "Carla's ticket elsewhere": "tMAH",
        **OF_NO_CUSTOMER,
    },
    "Carla, site": {
        "Carla's ticket": IN_REACH,
        "colleague's ticket at Carla's site": IN_REACH,
        "colleague's ticket elsewhere": ONLY_HELPDESK_PAGE,
        "Carla's ticket elsewhere": IN_REACH,
        "ticket without a site": ONLY_HELPDESK_PAGE,
        "the bakery": ONLY_HELPDESK_PAGE,
        **OF_NO_CUSTOMER,
    },
    "Carla, own": {
        "Carla's ticket": IN_REACH,
        "colleague's ticket at Carla's site": ONLY_HELPDESK_PAGE,
        "colleague's ticket elsewhere": ONLY_HELPDESK_PAGE,
        "Carla's ticket elsewhere": IN_REACH,
        "ticket without a site": ONLY_HELPDESK_PAGE,
        "the bakery": ONLY_HELPDESK_PAGE,
        **OF_NO_CUSTOMER,
    },
    "Carla, own, no money": {
        "Carla's ticket": "tMAH",
        "colleague's ticket at Carla's site": ONLY_HELPDESK_PAGE,
        "colleague's ticket elsewhere": ONLY_HELPDESK_PAGE,
        "Carla's ticket elsewhere": "tMAH",
        "ticket without a site": ONLY_HELPDESK_PAGE,
        "the bakery": ONLY_HELPDESK_PAGE,
        **OF_NO_CUSTOMER,
    },
    "Dario, all": dict.fromkeys(PLACES, NOTHING),
    "Finn, not placed yet": {**dict.fromkeys(PLACES, NOTHING), "Finn's ticket": IN_REACH},
    "Eve, nobody": dict.fromkeys(PLACES, NOTHING),
}


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("who", VIEWERS)
def test_a_viewer_reads_exactly_what_the_matrix_says(who: str, where: str) -> None:
    read = {
        letter for letter, thing in LETTERS.items() if visibility.may_read(VIEWERS[who], thing, PLACES[where])
    }
    assert read == set(MATRIX[who][where])


@pytest.mark.parametrize(
    ("who", "where", "standing"),
    [
        pytest.param(
            "administrator", "the desk", Standing.ADMINISTRATOR, id="an administrator is one everywhere"
        ),
        pytest.param("Anna, agent", "the bakery", Standing.AGENT, id="an agent is one everywhere"),
        pytest.param(
            "Carla, all", "Carla's ticket", Standing.WHOLE_CUSTOMER, id="the strongest standing counts"
        ),
        pytest.param(
            "Carla, site", "Carla's ticket", Standing.OWN_SITE, id="the site goes before the ticket"
        ),
        pytest.param(
            "Carla, site", "Carla's ticket elsewhere", Standing.ON_TICKET, id="on it, at another site"
        ),
        pytest.param(
            "Carla, site", "ticket without a site", Standing.SAME_CUSTOMER, id="no site is nobody's site"
        ),
        pytest.param(
            "Dario, all", "Carla's ticket", Standing.OTHER_CUSTOMER, id="reach ends at the customer"
        ),
        pytest.param("Carla, all", "the desk", Standing.OTHER_CUSTOMER, id="the desk is no customer"),
        pytest.param("Finn, not placed yet", "Finn's ticket", Standing.ON_TICKET, id="its own ticket"),
        pytest.param(
            "Finn, not placed yet",
            "ticket of another stranger",
            Standing.OTHER_CUSTOMER,
            id="strangers have nothing in common",
        ),
        pytest.param("Eve, nobody", "the bakery", Standing.NOBODY, id="not logged in"),
    ],
)
def test_a_viewer_has_one_standing_at_a_place(who: str, where: str, standing: Standing) -> None:
    assert visibility.standing_of(VIEWERS[who], PLACES[where]) is standing


# What holds for everybody, everything and everywhere.
keys = st.integers(1, 4)
contacts = st.builds(
    Contact,
    key=keys,
    customer=st.none() | keys,
    reach=st.sampled_from(Reach),
    sites=st.frozensets(keys),
    sees_money=st.booleans(),
)
places = st.builds(
    Place, customer=st.none() | keys, site=st.none() | keys, on_ticket=st.frozensets(keys, max_size=3)
)
things = st.sampled_from(Thing)


@given(contacts, things, places)
def test_a_contact_reads_nothing_of_another_customer(viewer: Contact, thing: Thing, place: Place) -> None:
    assume(viewer.customer != place.customer)
    assert not visibility.may_read(viewer, thing, place)


@given(contacts, things, places)
def test_a_contact_reads_nothing_that_an_agent_may_not_read(
    viewer: Contact, thing: Thing, place: Place
) -> None:
    assert not visibility.may_read(viewer, thing, place) or visibility.may_read(Agent(), thing, place)


@given(contacts, places)
def test_no_contact_ever_reads_what_is_internal(viewer: Contact, place: Place) -> None:
    internal = (Thing.INTERNAL_NOTE, Thing.INTERNAL_ATTACHMENT, Thing.SUPPORT_COSTS, Thing.DESK_SETTINGS)
    assert not any(visibility.may_read(viewer, thing, place) for thing in internal)


@given(contacts, things, places)
def test_more_reach_never_shows_less(viewer: Contact, thing: Thing, place: Place) -> None:
    own, site, everything = (replace(viewer, reach=reach) for reach in (Reach.OWN, Reach.SITE, Reach.ALL))
    assert visibility.may_read(own, thing, place) <= visibility.may_read(site, thing, place)
    assert visibility.may_read(site, thing, place) <= visibility.may_read(everything, thing, place)


@given(contacts, things, places)
def test_the_right_to_see_money_changes_nothing_but_money(
    viewer: Contact, thing: Thing, place: Place
) -> None:
    with_money, without = replace(viewer, sees_money=True), replace(viewer, sees_money=False)
    if thing in MONEY:
        assert not visibility.may_read(without, thing, place)
    else:
        assert visibility.may_read(with_money, thing, place) == visibility.may_read(without, thing, place)


@given(things, places)
def test_nobody_reads_nothing(thing: Thing, place: Place) -> None:
    assert not visibility.may_read(Nobody(), thing, place)


@given(st.one_of(contacts, st.just(Agent())), places)
def test_who_reads_a_message_reads_its_ticket_and_attachments(viewer: Viewer, place: Place) -> None:
    ticket, message, attachment = (
        visibility.may_read(viewer, thing, place)
        for thing in (Thing.TICKET, Thing.PUBLIC_MESSAGE, Thing.ATTACHMENT)
    )
    assert ticket == message == attachment


def test_every_thing_has_readers() -> None:
    assert set(READERS) == set(Thing)
    assert all(READERS.values())


def test_the_page_shows_the_table_of_the_code() -> None:
    assert visibility.as_markdown() in PAGE.read_text(encoding="utf-8")
