"""What is still being written is kept, for its writer only, and not for ever."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.cast import FRIDAY_AT_FOUR, at

from balie.customers.models import Contact
from balie.files.actions import discard, path_of, store
from balie.files.models import File
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions, tasks
from balie.tickets.actions import MOST_DRAFTS, OpenForm, Upload, Writing
from balie.tickets.models import Draft, Ticket

NOW = FRIDAY_AT_FOUR
PICTURE = Upload("bon.png", "image/png", b"\x89PNG\r\n\x1a\n")


def new_form() -> OpenForm:
    key = uuid4()
    return OpenForm(key, key)


def filled_from(draft: Draft) -> OpenForm:
    """The form of a tab that was opened on this draft as it is now."""
    return OpenForm(draft.key, uuid4(), draft.revision)


def save(contact: Contact, form: OpenForm, text: str, *, ticket: Ticket | None = None, now=NOW) -> Draft:
    draft = actions.save_draft(contact, form, fields={"text": text}, ticket=ticket, now=now)
    assert draft is not None
    return draft


def texts_of(contact: Contact) -> list[str]:
    return [each.fields["text"] for each in Draft.objects.filter(contact=contact).order_by("pk")]


def test_what_is_typed_again_and_again_in_one_tab_is_one_draft(carla):
    form = new_form()
    for text in ("B", "Bon", "Bonprinter"):
        save(carla, form, text)
    assert texts_of(carla) == ["Bonprinter"]


def test_the_newest_draft_is_offered_and_that_of_a_ticket_with_its_ticket(infobits, carla):
    ticket = ticket_of(carla, infobits)
    save(carla, new_form(), "Oud")
    newest = save(carla, new_form(), "Nieuw", now=NOW + timedelta(minutes=1))
    reply = save(carla, new_form(), "Antwoord", ticket=ticket, now=NOW + timedelta(minutes=2))
    assert actions.newest_draft(carla, None) == newest
    assert actions.newest_draft(carla, ticket) == reply


def test_a_tab_that_goes_on_with_a_draft_takes_it_over(carla):
    draft = save(carla, new_form(), "Begin")
    later_tab = filled_from(draft)
    save(carla, later_tab, "Begin en verder")
    save(carla, later_tab, "Begin en nog verder")
    assert texts_of(carla) == ["Begin en nog verder"]


def test_of_two_tabs_on_one_draft_neither_writes_over_the_other(carla):
    draft = save(carla, new_form(), "Begin")
    one, two = filled_from(draft), filled_from(draft)
    save(carla, one, "Begin, zegt de een")
    save(carla, two, "Begin, zegt de ander")
    save(carla, one, "Begin, zegt de een nog eens")
    save(carla, two, "Begin, zegt de ander nog eens")
    assert texts_of(carla) == ["Begin, zegt de een nog eens", "Begin, zegt de ander nog eens"]


def test_a_tab_that_gets_a_draft_of_its_own_keeps_the_files_that_it_shows(carla):
    form = new_form()
    save(carla, form, "Begin")
    draft = actions.attach(carla, form, PICTURE, ticket=None, now=NOW)
    one, two = filled_from(draft), filled_from(draft)
    save(carla, one, "de een")
    assert [each.name for each in save(carla, two, "de ander").files.all()] == ["bon.png"]


def test_a_form_that_was_sent_is_not_kept_again_by_a_late_saving(infobits, carla):
    form = new_form()
    save(carla, form, "Vraag")
    ticket_of(carla, infobits, submission=form.submission)
    actions.end_draft(carla, form)
    assert actions.save_draft(carla, form, fields={"text": "Vraag"}, ticket=None, now=NOW) is None
    assert not Draft.objects.exists()


def test_sending_from_one_tab_leaves_what_another_tab_took_over(carla):
    draft = save(carla, new_form(), "Begin")
    one, two = filled_from(draft), filled_from(draft)
    save(carla, two, "Begin, en iets heel anders")
    actions.end_draft(carla, one)
    assert texts_of(carla) == ["Begin, en iets heel anders"]


def test_starting_over_can_be_undone(carla):
    draft = save(carla, new_form(), "Begin")
    assert actions.drop_draft(carla, draft.key, now=NOW)
    assert actions.newest_draft(carla, None) is None
    assert actions.bring_back_draft(carla, draft.key, now=NOW)
    assert actions.newest_draft(carla, None) == draft


def test_typing_on_in_a_tab_whose_draft_was_dropped_elsewhere_keeps_it_after_all(carla):
    form = new_form()
    draft = save(carla, form, "Begin")
    actions.drop_draft(carla, draft.key, now=NOW)
    save(carla, form, "Begin en verder")
    assert actions.newest_draft(carla, None) == draft


def test_the_key_of_somebody_elses_draft_opens_nothing(carla, dario):
    form = new_form()
    save(carla, form, "Geheim")
    actions.attach(carla, form, PICTURE, ticket=None, now=NOW)
    assert actions.find_draft(dario, form) is None
    assert not actions.drop_draft(dario, form.key, now=NOW)
    assert not actions.bring_back_draft(dario, form.key, now=NOW)
    actions.end_draft(dario, form)
    save(dario, form, "Eigen tekst")
    assert texts_of(carla) == ["Geheim"]
    assert not Draft.objects.get(contact=dario).files.exists()


def test_a_thousand_drafts_make_room_for_the_newest(carla, dario):
    save(dario, new_form(), "Van Dario")
    for number in range(MOST_DRAFTS):
        Draft.objects.create(
            contact=carla, fields={"text": "oud"}, saved_at=NOW - timedelta(hours=number + 1)
        )
    Draft.objects.bulk_create(
        Draft(contact=carla, fields={"text": "ouder"}, saved_at=NOW - timedelta(days=2)) for _ in range(150)
    )
    save(carla, new_form(), "Nieuw")
    assert Draft.objects.filter(contact=carla).count() == MOST_DRAFTS
    assert texts_of(carla).count("oud") == MOST_DRAFTS - 1
    assert texts_of(dario) == ["Van Dario"]


def test_saving_costs_the_same_however_many_drafts_there_are(carla, django_assert_num_queries):
    form = new_form()
    Draft.objects.bulk_create(Draft(contact=carla, fields={}, saved_at=NOW) for _ in range(MOST_DRAFTS))
    save(carla, form, "Begin")
    with django_assert_num_queries(5):  # a savepoint and its end, sent before, the draft, the saving
        save(carla, form, "Verder")


def test_the_same_file_twice_is_one(carla):
    form = new_form()
    actions.attach(carla, form, PICTURE, ticket=None, now=NOW)
    draft = actions.attach(carla, form, PICTURE, ticket=None, now=NOW)
    assert draft.files.count() == 1


def test_a_file_that_is_left_out_is_gone_for_good(carla):
    form = new_form()
    draft = actions.attach(carla, form, PICTURE, ticket=None, now=NOW)
    sha256 = draft.files.get().file.sha256
    actions.detach(carla, form, sha256, now=NOW)
    actions.detach(carla, form, sha256, now=NOW)
    assert not draft.files.exists()
    assert not path_of(sha256).exists()


def test_a_file_that_is_left_out_here_stays_where_it_was_sent_before(infobits, carla):
    ticket_of(carla, infobits, uploads=(PICTURE,))
    form = new_form()
    sha256 = actions.attach(carla, form, PICTURE, ticket=None, now=NOW).files.get().file.sha256
    actions.detach(carla, form, sha256, now=NOW)
    assert path_of(sha256).exists()


def test_drafts_that_nobody_touches_are_forgotten_with_their_files(infobits, carla):
    form, long_ago = new_form(), NOW - timedelta(days=31)
    sent_too = Upload("log.txt", "text/plain", b"regel")
    ticket_of(carla, infobits, uploads=(sent_too,))
    for upload in (PICTURE, sent_too):
        actions.attach(carla, form, upload, ticket=None, now=long_ago)
    picture = File.objects.get(sha256=hashlib.sha256(PICTURE.content).hexdigest())
    fresh = save(carla, new_form(), "Vers", now=NOW - timedelta(days=29))
    assert actions.clean_up_drafts(now=NOW) == 1
    assert actions.clean_up_drafts(now=NOW) == 0
    assert list(Draft.objects.all()) == [fresh]
    kept = File.objects.get()
    assert path_of(kept.sha256).read_bytes() == b"regel"
    assert not path_of(picture.sha256).exists()


def test_the_nightly_task_cleans_up(carla):
    save(carla, new_form(), "Oud", now=NOW - timedelta(days=4000))
    tasks.clean_up_drafts(0)
    assert not Draft.objects.exists()


def test_a_file_comes_back_whole_after_it_was_forgotten(db):
    file = store(b"inhoud")
    assert discard(file)
    assert not discard(file)
    assert path_of(store(b"inhoud").sha256).read_bytes() == b"inhoud"


def test_content_that_was_forgotten_while_it_was_stored_is_written_again(db, monkeypatch: pytest.MonkeyPatch):
    """`discard` takes the bytes away between the look at the disk and the row."""
    file = store(b"inhoud")
    create = File.objects.get_or_create

    def forget_first(**fields):
        discard(file)
        return create(**fields)

    monkeypatch.setattr(File.objects, "get_or_create", forget_first)
    assert path_of(store(b"inhoud").sha256).read_bytes() == b"inhoud"


def ticket_of(contact: Contact, desk, *, submission: UUID | None = None, uploads=()) -> Ticket:
    return actions.take_in(
        contact,
        Wish(Channel.PORTAL),
        subject="Bon",
        writing=Writing("Vraag", submission=submission, uploads=uploads),
        situation=at(desk),
    )
