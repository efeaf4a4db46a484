"""Help articles beside a ticket: what may answer it, put in the reply with one click."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from balie.customers.access import viewer_of
from balie.knowledge import queries
from balie.knowledge.access import visible_publications
from balie.knowledge.models import AUDIENCES, Publication
from balie.knowledge.searching import LONGEST_SEARCH
from balie.rules.audience import Audience
from balie.tickets.access import ticket_for
from balie.tickets.models import Ticket
from balie.workspace.agents import AgentRequest, agents_only
from balie.workspace.ticket import page


@agents_only
def ticket_articles(request: AgentRequest, number: int) -> HttpResponse:
    """Articles about the subject and the topic of a ticket, or about `q`; a piece of its page, or a page by itself."""
    ticket = ticket_for(request.user, number)
    words = request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH].strip()
    hits = queries.suggest(
        words or about(ticket), viewer=viewer_of(request.user), language=ticket.contact.language
    )
    context = {
        "ticket": ticket,
        "words": words,
        "hits": hits,
        "audiences": dict(AUDIENCES),
        "may_be_sent": {Audience.EVERYBODY.value, Audience.CUSTOMERS.value},
        "site": settings.BALIE_URL,
    }
    template = "workspace/ticket_articles.html" if request.htmx else "workspace/ticket_articles_page.html"
    return render(request, template, context)


def about(ticket: Ticket) -> str:
    """What is searched for: the subject, and the topic in the words of the customer's language."""
    if ticket.category is None:
        return ticket.subject
    name = ticket.category.name_en if ticket.contact.language == "en" else ticket.category.name_nl
    return f"{ticket.subject} {name}"


@agents_only
def ticket_answer_with(request: AgentRequest, number: int, key: int) -> HttpResponse:
    """The page of a ticket with an article in the answer that is being written."""
    ticket = ticket_for(request.user, number)
    found = visible_publications(viewer_of(request.user)).filter(article=key)
    may_be_sent = list(found.exclude(article__audience=Audience.AGENTS.value).order_by("language"))
    if not may_be_sent:
        raise Http404
    own = (each for each in may_be_sent if each.language == ticket.contact.language)
    return page(request, ticket, begun=linked(next(own, may_be_sent[-1])))


def linked(publication: Publication) -> str:
    """An article as it is put in an answer."""
    address = reverse("article", args=[publication.article_id, publication.slug])
    return _("%(title)s: %(address)s") % {
        "title": publication.title,
        "address": f"{settings.BALIE_URL}{address}",
    }
