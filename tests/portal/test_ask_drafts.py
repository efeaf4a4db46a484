"""Nothing that a customer wrote is lost: a closed tab, an ended session, a broken upload."""

from __future__ import annotations

import re
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast import contact
from tests.portal.reading import visitor, words
from tests.portal.test_ask import ASK, PNG, form_of, send

from balie.files.models import File
from balie.tickets.models import Attachment, Draft, DraftFile, Message, Ticket

pytestmark = pytest.mark.usefixtures("friday_at_four")

SAVE, FILES, DROP = "/my/drafts/", "/my/drafts/files/", "/my/drafts/files/drop/"
TYPED = {
    "topic": "till-scanner",
    "subject": "Scanner leest niet",
    "text": "Sinds gisteren",
    "phone": "06 12345678",
}


def opened(person, address: str = ASK) -> str:
    return str(visitor(person).get(address).content.decode())


def typing(person, page: str | None = None, **typed: object):
    """What the page sends by itself while somebody types."""
    return visitor(person).post(SAVE, {**form_of(page or opened(person)), **TYPED, **typed})


def bon(name: str = "bon.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_what_was_typed_stands_there_again_after_the_tab_was_closed_SW_19(infobits, sla8, carla):
    assert "Kept at 16:00" in typing(carla, answer_mode="callback").content.decode()
    page = opened(carla)
    text = words(page)
    assert "We kept what you wrote on Fri 20 Nov 2026 16:00" in text
    assert 'value="Scanner leest niet"' in page and "Sinds gisteren" in page
    assert re.search(r'value="till-scanner" checked', page)
    assert re.search(r'name="answer_mode" id="id_answer_mode_callback"[^>]*checked', page)
    assert 'value="06 12345678"' in page


def test_going_on_with_a_draft_and_sending_it_ends_the_draft(infobits, sla8, carla):
    typing(carla)
    assert send(carla, opened(carla), **TYPED).status_code == 302
    assert not Draft.objects.exists()
    assert "We kept" not in opened(carla)


def test_typing_on_in_the_same_tab_is_one_draft(infobits, sla8, carla):
    page = opened(carla)
    for text in ("S", "Sinds", "Sinds gisteren"):
        typing(carla, page, text=text)
    assert Draft.objects.get().fields["text"] == "Sinds gisteren"


def test_two_tabs_keep_two_texts(infobits, sla8, carla):
    typing(carla)
    one, two = opened(carla), opened(carla)
    typing(carla, one, text="In de ene")
    typing(carla, two, text="In de andere")
    assert {each.fields["text"] for each in Draft.objects.all()} == {"In de ene", "In de andere"}
    assert send(carla, one, **TYPED).status_code == send(carla, two, **TYPED).status_code == 302
    assert Ticket.objects.count() == 2
    assert not Draft.objects.exists()


def test_a_saving_that_comes_after_the_sending_brings_nothing_back(infobits, sla8, carla):
    page = opened(carla)
    send(carla, page, **TYPED)
    assert typing(carla, page).status_code == 200
    assert not Draft.objects.exists()


def test_an_empty_form_is_not_kept(infobits, carla):
    page = opened(carla)
    visitor(carla).post(SAVE, {**form_of(page), "answer_mode": "site"})
    assert not Draft.objects.exists()


def test_a_form_that_is_missing_something_is_kept_also_without_a_script(infobits, sla8, carla):
    send(carla, subject="", text="Lang verhaal.")
    assert "Lang verhaal." in opened(carla)


def test_starting_over_gives_an_empty_form_and_can_be_undone(infobits, sla8, carla):
    typing(carla)
    key = Draft.objects.get().key
    over = visitor(carla).post(reverse("drop_draft", args=[key]))
    page = opened(carla, over.url)
    assert "Scanner leest niet" not in page
    assert "You started over." in page
    back = visitor(carla).post(reverse("bring_back_draft", args=[key]))
    assert "Scanner leest niet" in opened(carla, back.url)


def test_who_comes_for_a_topic_begins_anew_and_is_told_of_what_lies_unfinished(infobits, sla8, carla):
    typing(carla)
    page = opened(carla, ASK + "?topic=other")
    assert re.search(r'value="other" checked', page)
    assert "A question lies unfinished: “Scanner leest niet”." in words(page)
    assert "Sinds gisteren" not in page


def test_a_draft_is_its_writers_only(infobits, sla8, carla, dario):
    colleague = contact("Kees", carla.customer)
    typing(carla)
    key = Draft.objects.get().key
    for person in (dario, colleague):
        assert "Scanner leest niet" not in opened(person)
        assert "Scanner leest niet" not in opened(person, f"{ASK}?{urlencode({'draft': key})}")
        assert visitor(person).post(reverse("drop_draft", args=[key])).status_code == 404
        assert visitor(person).post(reverse("bring_back_draft", args=[key])).status_code == 404
    assert Draft.objects.get().dropped_at is None


# -- The session has ended ---------------------------------------------------------------------------------


def test_typing_goes_on_being_kept_after_the_session_ended(infobits, sla8, carla):
    page = opened(carla)
    answer = typing(None, page)
    assert "You have been logged out." in answer.content.decode()
    assert Draft.objects.get().contact == carla
    assert "Scanner leest niet" in opened(carla)


def test_a_form_that_is_sent_after_the_session_ended_waits_behind_the_login(infobits, sla8, carla):
    page = opened(carla)
    browser = visitor(None)
    answer = browser.post(ASK, {**form_of(page), **TYPED, "files": bon()})
    assert answer.status_code == 302 and answer.url.startswith(reverse("account_login"))
    assert "What you wrote is kept; log in" in browser.get(answer.url).content.decode()
    assert not Ticket.objects.exists()
    restored = opened(carla, f"{ASK}?{urlencode({'draft': Draft.objects.get().key})}")
    assert "Sinds gisteren" in restored and "bon.png" in restored


def test_a_reply_that_is_sent_after_the_session_ended_waits_too(infobits, sla8, carla, asks):
    ticket = asks(carla, infobits)
    place = reverse("my_ticket", args=[ticket.number])
    fields = form_of(opened(carla, place))
    answer = visitor(None).post(
        reverse("my_reply", args=[ticket.number]), {**fields, "text": "Bijna verloren"}
    )
    assert answer.url.startswith(reverse("account_login"))
    assert "Bijna verloren" in opened(carla, place)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("seal", "why"),
    [("", "none"), ("forged:forged:forged", "forged"), ("another form's", "of another form")],
)
def test_nobody_keeps_anything_for_somebody_without_the_form_that_was_made_for_them(
    infobits, carla, seal, why
):
    fields = form_of(opened(carla))
    fields["seal"] = form_of(opened(carla))["seal"] if why == "of another form" else seal
    answer = visitor(None).post(SAVE, {**fields, **TYPED})
    assert answer.status_code == 302, why
    assert not Draft.objects.exists()


def test_somebody_who_may_not_come_in_any_more_leaves_nothing(infobits, carla):
    page = opened(carla)
    carla.is_active = False
    carla.save()
    assert typing(None, page).status_code == 302
    assert not Draft.objects.exists()


# -- Files go ahead ----------------------------------------------------------------------------------------


def test_files_go_ahead_one_by_one_and_along_with_the_question(infobits, sla8, carla):
    page = opened(carla)
    for each in (bon(), bon("log.txt", b"regel")):
        answer = visitor(carla).post(FILES, {**form_of(page), "files": each})
        assert answer.status_code == 200
    assert "bon.png" in answer.content.decode() and "log.txt" in answer.content.decode()
    send(carla, page)
    kept = {each.name: each.content_type for each in Attachment.objects.all()}
    assert kept == {"bon.png": "image/png", "log.txt": "text/plain"}
    assert not DraftFile.objects.exists()


def test_a_picture_is_shown_to_its_sender_only(infobits, sla8, carla, dario):
    html = visitor(carla).post(FILES, {**form_of(opened(carla)), "files": bon()}).content.decode()
    address = reverse("draft_file", args=[DraftFile.objects.get().pk])
    assert f'<img src="{address}"' in html
    assert visitor(carla).get(address).content == PNG
    assert visitor(dario).get(address).status_code == 404
    assert visitor(None).get(address).status_code == 302


def test_what_only_calls_itself_a_picture_is_not_shown_as_one(infobits, carla):
    html = (
        visitor(carla)
        .post(FILES, {**form_of(opened(carla)), "files": bon("x.png", b"<html>")})
        .content.decode()
    )
    assert "<img" not in html


@pytest.mark.parametrize("name", ["virus.exe", "pagina.html", "foto.png.scr"])
def test_a_program_is_refused_by_name_and_nothing_of_it_is_kept(infobits, carla, name):
    answer = visitor(carla).post(FILES, {**form_of(opened(carla)), "files": bon(name, b"MZ")})
    assert answer.status_code == 422
    assert "is a program or a web page" in answer.content.decode()
    assert not File.objects.exists()


def test_one_file_too_many_is_refused_and_the_others_stay(infobits, carla):
    page = opened(carla)
    names = [f"{number}.txt" for number in range(20)]
    visitor(carla).post(FILES, {**form_of(page), "files": [bon(each, each.encode()) for each in names]})
    answer = visitor(carla).post(FILES, {**form_of(page), "files": bon("21.txt", b"21")})
    assert answer.status_code == 422
    assert "At most 20 files" in answer.content.decode()
    assert DraftFile.objects.count() == 20


def test_an_upload_that_is_cut_off_halfway_leaves_nothing(infobits, carla):
    part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    text = "".join(part.format(*field) for field in {**form_of(opened(carla)), "size": len(PNG)}.items())
    head = '--b\r\nContent-Disposition: form-data; name="files"; filename="bon.png"\r\n\r\n'
    body = (text + head).encode() + PNG[:40]
    answer = visitor(carla).generic("POST", FILES, body, "multipart/form-data; boundary=b")
    assert answer.status_code == 422
    assert "The file did not come through whole" in answer.content.decode()
    assert not DraftFile.objects.exists() and not File.objects.exists()


def test_a_file_can_be_left_out_with_and_without_a_script(infobits, sla8, carla):
    page = opened(carla)
    visitor(carla).post(FILES, {**form_of(page), "files": [bon(), bon("log.txt", b"regel")]})
    picture, log = DraftFile.objects.order_by("pk")
    piece = visitor(carla).post(
        DROP, {**form_of(page), "drop": picture.file.sha256}, headers={"HX-Request": "true"}
    )
    assert "bon.png" not in piece.content.decode() and "log.txt" in piece.content.decode()
    whole = visitor(carla).post(DROP, {**form_of(page), **TYPED, "drop": log.file.sha256})
    assert whole.status_code == 302
    back = opened(carla, whole.url)
    assert "log.txt" not in back and "Sinds gisteren" in back


def test_a_file_that_comes_after_the_session_ended_is_kept_too(infobits, sla8, carla):
    page = opened(carla)
    assert visitor(None).post(FILES, {**form_of(page), "files": bon()}).status_code == 200
    assert DraftFile.objects.get().draft.contact == carla


# -- Replies -----------------------------------------------------------------------------------------------


def test_a_reply_that_was_begun_stands_there_again_and_is_gone_once_sent(infobits, sla8, carla, asks):
    ticket = asks(carla, infobits)
    place = reverse("my_ticket", args=[ticket.number])
    page = opened(carla, place)
    visitor(carla).post(SAVE, {**form_of(page), "text": "Ik begon al"})
    again = opened(carla, place)
    assert "Ik begon al" in again and "We kept what you wrote" in again
    assert "Ik begon al" not in opened(carla)
    visitor(carla).post(reverse("my_reply", args=[ticket.number]), {**form_of(again), "text": "Ik begon al"})
    assert not Draft.objects.exists()


def test_nobody_begins_a_reply_on_a_ticket_that_it_may_not_read(infobits, sla8, carla, dario, asks):
    ticket = asks(carla, infobits)
    fields = {**form_of(opened(dario)), "about": ticket.number, "text": "Ik hoor hier niet"}
    for address in (SAVE, FILES):
        assert visitor(dario).post(address, {**fields, "files": bon()}).status_code == 404
    for nonsense in ("x", "9" * 30, "-1"):
        assert visitor(dario).post(SAVE, {**fields, "about": nonsense}).status_code == 404
    assert not Draft.objects.exists()


def test_damaged_keys_make_a_draft_of_their_own(infobits, carla):
    fields = form_of(opened(carla))
    for damage in ({"draft_key": "x"}, {"revision": "-1"}, {"revision": "9" * 40}, {"submission": "x"}):
        assert visitor(carla).post(SAVE, {**fields, **TYPED, **damage}).status_code == 200
    assert Draft.objects.filter(contact=carla).exists()


def test_a_text_that_no_database_takes_is_kept_without_what_it_does_not_take(infobits, carla):
    typing(carla, subject="a\x00b")
    assert Draft.objects.get().fields["subject"] == "ab"


def test_saving_costs_a_fixed_number_of_queries(infobits, sla8, carla, django_assert_max_num_queries):
    page, browser = opened(carla), visitor(carla)
    browser.post(SAVE, {**form_of(page), **TYPED})
    with django_assert_max_num_queries(12):
        browser.post(SAVE, {**form_of(page), **TYPED, "text": "Verder", "key": uuid4()})
