"""The addresses of the public page and of the customer's screens."""

from __future__ import annotations

from django.urls import URLPattern, path

from balie.portal import ask, demo_progress, invitation, my_tickets, start, ticket

urlpatterns: list[URLPattern] = [
    path("", start.start, name="start"),
    path("account/welcome/", start.after_login, name="after_login"),
    path("account/invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("demo/progress/", demo_progress.demo_progress, name="demo_progress"),
    path("my/", my_tickets.my_tickets, name="my_tickets"),
    path("my/ask/", ask.ask, name="ask"),
    path("my/ask/terms/", ask.terms, name="ask_terms"),
    path("my/tickets/<int:number>/", ticket.my_ticket, name="my_ticket"),
    path("my/tickets/<int:number>/sent/", ask.asked, name="asked"),
    path("my/tickets/<int:number>/conversation/", ticket.conversation, name="my_conversation"),
    path("my/tickets/<int:number>/reply/", ticket.reply, name="my_reply"),
    path("my/tickets/<int:number>/end/", ticket.end, name="my_end"),
    path("my/tickets/<int:number>/files/<int:key>/", ticket.attachment, name="my_attachment"),
]
