"""Asking a question: the terms before it is sent, and nothing of it lost."""

from __future__ import annotations

import re
import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast import contact
from tests.portal.reading import visitor, words

from balie.contracts.models import CustomerTerms
from balie.files.models import File
from balie.tickets.models import Attachment, Category, Message, Ticket
from balie.web.uploads import LARGEST_TOTAL

pytestmark = pytest.mark.usefixtures("friday_at_four")

ASK = "/my/ask/"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


def form_of(html: str) -> dict[str, str]:
    """What a browser sends back of the page's hidden fields."""
    fields = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', html)
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def send(person, page: str | None = None, **fields: object):
    """Fill the form of `page` (else of a new one) in and send it."""
    browser = visitor(person)
    hidden = form_of(page if page is not None else browser.get(ASK).content.decode())
    filled = {
        "topic": "other",
        "subject": "Bonprinter print niet",
        "text": "Sinds vanochtend.",
        **hidden,
        **fields,
    }
    return browser.post(ASK, filled)


def test_a_question_becomes_a_ticket_on_the_terms_that_were_shown_SW_19(infobits, sla8, carla):
    answer = send(carla, topic="till-receipt-printer")
    ticket = Ticket.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("asked", args=[ticket.number])
    assert (ticket.subject, ticket.contact, ticket.customer) == (
        "Bonprinter print niet",
        carla,
        carla.customer,
    )
    assert ticket.category.key == "till-receipt-printer"
    assert ticket.channel == "portal"
    assert ticket.messages.get().text == "Sinds vanochtend."


def test_the_confirmation_gives_the_number_and_the_deadline(infobits, sla8, carla):
    text = words(visitor(carla).get(send(carla).url).content.decode())
    assert f"Question {Ticket.objects.get().number} has been sent" in text
    assert "due at the latest on Mon 23 Nov 2026 16:00" in text


def test_the_confirmation_says_when_nothing_is_promised(softwear, carla):
    assert "No response time is promised." in visitor(carla).get(send(carla).url).content.decode()


@pytest.mark.parametrize(("who", "status"), [("dario", 404), ("eve", 302)])
def test_the_confirmation_is_for_the_own_customer_only(infobits, carla, who, status, request):
    address = send(carla).url
    person = None if who == "eve" else request.getfixturevalue(who)
    assert visitor(person).get(address).status_code == status


def test_the_terms_stand_there_before_anything_is_sent_IB_30(infobits, sla8, support_contract, carla):
    text = words(visitor(carla).get(ASK).content.decode())
    assert "You have our response at the latest on Mon 23 Nov 2026 13:00" in text
    assert "With a support contract the hours of" in text


def test_a_free_plan_says_normally_IB_09(infobits, carla):
    text = words(visitor(carla).get(ASK).content.decode())
    assert "Normally you have our response at the latest on Wed 25 Nov 2026 16:00" in text


def test_the_confirmation_of_a_free_plan_says_normally_IB_09(infobits, carla):
    sent = visitor(carla).get(send(carla).url).content.decode()
    assert "Our response normally comes at the latest on" in sent
    assert "Our response is due" not in sent


def test_a_used_up_quota_is_told_at_the_first_step_with_what_can_be_done_IB_10(infobits, carla, asks):
    says = "tickets a month, and these are used up."
    assert says not in first_step_of(carla)
    asks(carla, infobits, "Een")
    asks(carla, infobits, "Twee")
    step = first_step_of(carla)
    assert says in step
    assert "From 01-12-2026 on" in step
    assert "Paid beforehand (prepaid) it can be asked now, also as a call-back." in step


def first_step_of(person) -> str:
    html = visitor(person).get(ASK).content.decode()
    return words(html[html.index('id="step-topic"') : html.index('id="step-question"')])


def test_a_help_article_begins_the_question_with_its_title_SW_05(infobits, sla8, carla):
    send(carla, text="", subject="Een vraag die al begonnen was")
    html = visitor(carla).get(ASK, {"subject": "De dag afsluiten"}).content.decode()
    assert 'value="De dag afsluiten"' in html
    assert "Een vraag die al begonnen was" in words(html), "what lies unfinished is offered beside it"


def test_a_desk_that_promises_nothing_says_so(softwear, carla):
    assert "No response time is promised." in visitor(carla).get(ASK).content.decode()


def test_who_has_to_pay_first_is_told_so_IB_13(infobits, bakery, carla):
    CustomerTerms.objects.create(customer=bakery, last_paid_support_on=date(2023, 1, 1))
    before = visitor(carla).get(ASK).content.decode()
    after = visitor(carla).get(send(carla).url).content.decode()
    ticket = Ticket.objects.get()
    assert ticket.state == "awaiting_payment"
    beside = visitor(carla).get(reverse("my_ticket", args=[ticket.number])).content.decode()
    for page in map(words, (before, after, beside)):
        assert "We begin when the payment is in." in page
        assert f"{infobits.how_to_pay_en} Your customer number is {bakery.number}." in page


def test_urgent_is_greyed_on_a_free_plan_with_the_reason_and_a_way_to_it_IB_11(infobits, carla):
    html = visitor(carla).get(ASK).content.decode()
    box = re.search(r'<input[^>]*name="urgent"[^>]*>', html)
    assert box and "disabled" in box[0]
    text = words(html)
    assert "An urgent question is not possible with SLA24. With SLA8 an urgent question is possible." in text


def test_urgent_cannot_be_had_by_sending_it_all_the_same_IB_11(infobits, carla):
    answer = send(carla, urgent="1")
    assert answer.status_code == 422
    assert not Ticket.objects.exists()


def test_urgent_can_be_ticked_with_a_better_plan(infobits, sla8, carla):
    page = visitor(carla).get(reverse("ask_terms", query={"topic": "other", "urgent": "1"})).content.decode()
    box = re.search(r'<input[^>]*name="urgent"[^>]*>', page)
    assert box and "checked" in box[0] and "disabled" not in box[0]
    seen = form_of(page)
    assert send(carla, urgent="1", **seen).status_code == 302
    assert Ticket.objects.get().urgent


def test_without_javascript_other_terms_are_shown_once_before_it_is_sent(infobits, sla8, carla):
    looked = send(carla, urgent="1")  # the page showed the terms without urgency
    html = looked.content.decode()
    assert looked.status_code == 422
    assert "Look at the terms below" in html
    assert "Sinds vanochtend." in html
    assert not Ticket.objects.exists()
    assert send(carla, html, urgent="1").status_code == 302
    assert Ticket.objects.get().urgent


def test_terms_that_changed_while_typing_are_shown_before_it_is_sent(infobits, sla8, bakery, carla):
    page = visitor(carla).get(ASK).content.decode()
    bakery.licences.all().delete()
    assert send(carla, page).status_code == 422
    assert not Ticket.objects.exists()


def test_the_same_form_sent_twice_is_one_question(infobits, sla8, carla):
    page = visitor(carla).get(ASK).content.decode()
    assert send(carla, page).url == send(carla, page).url
    assert Ticket.objects.count() == 1


def test_the_same_form_sent_twice_is_one_question_even_when_it_was_the_last_of_the_month_IB_10(
    infobits, carla
):
    send(carla)
    page = visitor(carla).get(ASK).content.decode()
    assert send(carla, page).url == send(carla, page).url
    assert Ticket.objects.count() == 2


def test_a_form_of_somebody_else_gives_nothing_away(infobits, carla, dario):
    page = visitor(carla).get(ASK).content.decode()
    send(carla, page)
    answer = send(dario, submission=form_of(page)["submission"])
    assert visitor(dario).get(answer.url).status_code == 404
    assert Message.objects.get().contact == carla


def test_over_the_quota_the_page_refuses_before_anything_is_typed_IB_10(infobits, carla):
    send(carla), send(carla)
    text = words(visitor(carla).get(ASK).content.decode())
    assert "tickets a month, and these are used up." in text
    assert "From 01-12-2026 on a new free ticket is possible." in text
    assert "With SLA8 the number of tickets is not limited." in text


def test_over_the_quota_nothing_that_was_written_is_lost_IB_10(infobits, carla):
    page = visitor(carla).get(ASK).content.decode()
    send(carla), send(carla)
    answer = send(carla, page, text="Een lang verhaal.")
    assert answer.status_code == 422
    assert "Een lang verhaal." in answer.content.decode()
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ({"topic": ""}, "This field is required."),
        ({"topic": "rocket-science"}, "This topic cannot be chosen."),
        ({"subject": ""}, "This field is required."),
        ({"subject": "x" * 201}, "at most 200 characters"),
        ({"text": " "}, "Write what it is about."),
        ({"text": "x" * 20_001}, "at most 20000 characters"),
        ({"text": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_the_rest_is_kept(infobits, sla8, carla, missing, says):
    answer = send(carla, **{"text": "Blijft staan.", **missing})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert says in html
    assert "Blijft staan." in html or "text" in missing
    assert not Ticket.objects.exists()


def test_a_damaged_or_missing_key_of_the_form_does_no_harm(infobits, sla8, carla):
    assert send(carla, submission="").status_code == 302
    assert send(carla, submission="not-a-key").status_code == 422


def test_every_topic_can_be_asked_about_grouped_as_in_the_tree_SW_05(softwear, carla):
    html = visitor(carla).get(ASK).content.decode()
    offered = set(re.findall(r'name="topic" value="([^"]+)"', html))
    assert offered == set(Category.objects.filter(is_active=True).values_list("key", flat=True))
    assert re.search(r"<summary>.*<span>Till incident</span>", html)
    assert "Till incident, something else" in html


def test_a_topic_that_was_switched_off_is_not_offered(softwear, carla):
    Category.objects.filter(key="research-figures").update(is_active=False)
    assert "research-figures" not in visitor(carla).get(ASK).content.decode()


def test_files_go_with_the_question_under_their_own_names(infobits, sla8, carla):
    pictures = [
        SimpleUploadedFile("bon.png", PNG, "text/html"),
        SimpleUploadedFile("log.txt", b"regel", "text/plain"),
    ]
    assert send(carla, files=pictures).status_code == 302
    kept = {each.name: each.content_type for each in Attachment.objects.all()}
    assert kept == {"bon.png": "image/png", "log.txt": "text/plain"}


def test_a_file_alone_is_enough(infobits, sla8, carla):
    assert send(carla, text="", files=SimpleUploadedFile("bon.png", PNG)).status_code == 302


@pytest.mark.parametrize(
    "name", ["virus.exe", "foto.png.EXE", "script.js", "pagina.html", "foto.scr. ", "tekening.svg"]
)
def test_a_program_is_refused_by_name_and_the_text_is_kept(infobits, sla8, carla, name):
    answer = send(carla, files=SimpleUploadedFile(name, b"MZ"), text="Blijft staan.")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "is a program or a web page" in html
    assert "Blijft staan." in html


def test_without_javascript_files_are_kept_when_the_terms_are_looked_at(infobits, sla8, carla):
    page = visitor(carla).get(ASK).content.decode()
    filled = {**form_of(page), "topic": "other", "subject": "Vraag", "text": "Tekst", "look": "1"}
    log = SimpleUploadedFile("log.txt", b"regel", "text/plain")
    looked = visitor(carla).post(ASK, {**filled, "files": [log]})
    assert "log.txt" in looked.content.decode()
    assert send(carla, looked.content.decode()).status_code == 302
    assert Attachment.objects.get().name == "log.txt"


def test_without_javascript_a_refused_file_is_told_with_the_terms(infobits, sla8, carla):
    page = visitor(carla).get(ASK).content.decode()
    virus = SimpleUploadedFile("virus.exe", b"MZ", "text/plain")
    looked = visitor(carla).post(ASK, {**form_of(page), "topic": "other", "look": "1", "files": [virus]})
    text = words(looked.content.decode())
    assert looked.status_code == 200
    assert "virus.exe" in text
    assert "Write what it is about." not in text, "that is told when it is sent"


def test_files_over_the_limit_are_left_out_and_the_text_is_kept(infobits, sla8, carla):
    big = SimpleUploadedFile("film.mp4", b"x" * (LARGEST_TOTAL + 1))
    answer = send(carla, files=big, text="Blijft staan.")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "larger than 25 MB together" in html
    assert "Blijft staan." in html
    assert not File.objects.exists()


def test_files_of_a_form_that_comes_back_need_not_be_chosen_again(infobits, sla8, carla):
    back = send(carla, subject="", files=SimpleUploadedFile("bon.png", PNG)).content.decode()
    assert "bon.png" in back
    assert send(carla, back).status_code == 302
    assert Attachment.objects.get().name == "bon.png"


def test_a_kept_file_can_be_left_out_after_all(infobits, sla8, carla):
    back = send(carla, subject="", files=SimpleUploadedFile("bon.png", PNG)).content.decode()
    dropped = re.search(r'name="drop" value="([0-9a-f]{64})"', back)
    assert dropped
    send(carla, back, drop=dropped[1])
    assert Ticket.objects.exists()
    assert not Attachment.objects.exists()


def test_kept_files_are_for_the_one_who_sent_them_only(infobits, sla8, carla, dario):
    back = send(carla, subject="", files=SimpleUploadedFile("geheim.png", PNG)).content.decode()
    keys = form_of(back)
    send(dario, draft_key=keys["draft_key"], submission=keys["submission"], revision=keys["revision"])
    assert Ticket.objects.filter(customer=dario.customer).exists()
    assert not Attachment.objects.exists()


def test_a_name_cannot_steer_a_header_or_the_direction_of_reading(infobits, sla8, carla):
    send(carla, files=SimpleUploadedFile("bon\u202egnp.png", PNG))
    assert Attachment.objects.get().name == "bongnp.png"


def test_a_draft_from_elsewhere_fills_the_form_and_sends_nothing(infobits, sla8, carla):
    answer = visitor(carla).post(ASK, {"draft": "1", "subject": "Oud", "text": "Meegenomen."})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Meegenomen." in html and 'value="Oud"' in html
    assert not Ticket.objects.exists()


def test_eve_must_log_in_and_a_piece_of_the_page_takes_her_there_whole(infobits):
    assert visitor(None).get(ASK).status_code == 302
    piece = visitor(None).get(reverse("ask_terms"), headers={"HX-Request": "true"})
    assert piece.headers["HX-Redirect"].startswith(reverse("account_login"))


def test_an_agent_is_shown_to_the_queue(infobits, anna):
    assert visitor(anna).get(ASK).url == reverse("queue")


def test_somebody_whom_nobody_has_placed_may_ask_too(infobits):
    nora = contact("Nora", None)
    assert send(nora).status_code == 302
    assert Ticket.objects.get().customer is None


def test_the_page_shows_its_terms_in_a_fixed_number_of_queries(
    infobits, sla8, carla, django_assert_max_num_queries
):
    browser = visitor(carla)
    browser.get(ASK)
    with django_assert_max_num_queries(12):
        browser.get(ASK)


def test_a_message_that_was_sent_is_on_the_record_under_its_key(infobits, sla8, carla):
    key = uuid.uuid4()
    send(carla, submission=str(key))
    assert Message.objects.get().submission == key
