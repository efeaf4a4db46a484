"""The addresses of the agents' screens."""

from __future__ import annotations

from django.urls import path

from balie.workspace import (
    claims,
    customer,
    finding,
    knowledge,
    knowledge_beside,
    knowledge_versions,
    knowledge_writing,
    letters,
    mail_folder,
    moving,
    newcomers,
    opening,
    payment,
    people,
    phone_numbers,
    queue,
    ticket,
    writing,
)

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("find/", finding.find, name="find"),
    path("customers/<int:key>/", customer.customer, name="customer"),
    path("customers/<int:key>/credit/", customer.credit, name="customer_credit"),
    path("customers/<int:key>/people/new/", people.person_new, name="person_new"),
    path("people/<int:key>/place/", people.person_place, name="person_place"),
    path("numbers/", phone_numbers.numbers, name="numbers"),
    path("numbers/<int:key>/confirm/", phone_numbers.confirm, name="number_confirm"),
    path("numbers/<int:key>/refuse/", phone_numbers.refuse, name="number_refuse"),
    path("new/", opening.new_ticket, name="new_ticket"),
    path("new/<int:key>/terms/", opening.terms, name="new_ticket_terms"),
    path("tickets/<int:number>/", ticket.ticket, name="ticket"),
    path("tickets/<int:number>/changes/", ticket.ticket_changes, name="ticket_changes"),
    path("tickets/<int:number>/reply/", writing.reply, name="ticket_reply"),
    path("tickets/<int:number>/note/", writing.note, name="ticket_note"),
    path("tickets/<int:number>/move/", moving.move, name="ticket_move"),
    path("tickets/<int:number>/paid/", payment.paid, name="ticket_paid"),
    path("tickets/<int:number>/assign/", moving.assign, name="ticket_assign"),
    path("tickets/<int:number>/letters/<int:key>/", letters.letter, name="letter"),
    path("attachments/<int:key>/", letters.attachment, name="desk_attachment"),
    path("newcomers/", newcomers.newcomers, name="newcomers"),
    path("newcomers/<int:key>/", newcomers.newcomer, name="newcomer"),
    path("claims/<int:key>/", claims.claim, name="claim"),
    path("mail/", mail_folder.mail_folder, name="mail_folder"),
    path("mail/in/<int:key>/raw/", mail_folder.mail_raw, name="mail_raw"),
    path("mail/<slug:direction>/<int:key>/", mail_folder.mail_shown, name="mail_shown"),
    path("mail/<slug:direction>/<int:key>/retry/", mail_folder.mail_retry, name="mail_retry"),
    path("tickets/<int:number>/articles/", knowledge_beside.ticket_articles, name="ticket_articles"),
    path(
        "tickets/<int:number>/articles/<int:key>/",
        knowledge_beside.ticket_answer_with,
        name="ticket_answer_with",
    ),
    path("articles/", knowledge.articles, name="articles"),
    path("articles/new/", knowledge_writing.article_new, name="article_new"),
    path("articles/preview/", knowledge_writing.article_preview, name="article_preview"),
    path("articles/sections/", knowledge.article_sections, name="article_sections"),
    path("articles/sections/<slug:slug>/", knowledge.article_sections, name="article_section"),
    path("articles/sections/<slug:slug>/gone/", knowledge.article_section_gone, name="article_section_gone"),
    path("articles/<int:key>/<str:language>/", knowledge_writing.article_edit, name="article_edit"),
    path("articles/<int:key>/<str:language>/publish/", knowledge.article_publish, name="article_publish"),
    path(
        "articles/<int:key>/<str:language>/unpublish/", knowledge.article_unpublish, name="article_unpublish"
    ),
    path(
        "articles/<int:key>/<str:language>/versions/",
        knowledge_versions.article_versions,
        name="article_versions",
    ),
    path(
        "articles/<int:key>/<str:language>/restore/",
        knowledge_versions.article_restore,
        name="article_restore",
    ),
]
