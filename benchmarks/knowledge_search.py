"""How long a search of the help site takes at a desk with 5,000 articles, as somebody types.

    python -m benchmarks.knowledge_search [--articles 5000] [--requests 200] [--json]

The real server (granian, as `balie serve` starts it) answers on loopback; each figure is the median of the
requests, in milliseconds. Every request types one more letter of a sentence, with and without typing errors; the
limit is 50 ms for what the page asks while somebody types. Beside it, in turn: a bare view with a fixed text through
the same middleware, and the statements of a search by themselves.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from statistics import median, quantiles
from urllib.parse import urlencode

from benchmarks.full_desk import CONTACT, running
from benchmarks.pages import WARM_UP, Browser, serve, timed

LIMIT = 50  # ms
PARTS = (
    *("bonprinter", "kassalade", "scanner", "pinautomaat", "etiketprinter", "klantenscherm", "voorraad"),
    *("dagafsluiting", "webshop", "btw", "retour", "cadeaubon", "korting", "artikel", "leverancier"),
    *("bestelling", "factuur", "rapport", "medewerker", "wachtwoord"),
)
TROUBLES = (
    *("print niet", "gaat niet open", "geeft een foutmelding", "instellen", "vervangen", "aansluiten"),
    *("is traag", "werkt niet meer na een update", "controleren", "verwijderen", "importeren", "exporteren"),
    "terugzetten",
)
PLACES = (
    "in de winkel",
    "op kassa 2",
    "bij een nieuwe medewerker",
    "aan het einde van de dag",
    "op zaterdag",
)
WORDS = (
    *(
        "kies",
        "menu",
        "instellingen",
        "klik",
        "daarna",
        "opslaan",
        "controleer",
        "kabel",
        "stekker",
        "scherm",
    ),
    *(
        "melding",
        "wachtwoord",
        "gebruiker",
        "opnieuw",
        "starten",
        "bon",
        "regel",
        "prijs",
        "korting",
        "klant",
    ),
    *("artikel", "barcode", "voorraad", "levering", "factuur", "rapport", "periode", "totaal", "bedrag"),
    *("contant", "wisselgeld", "lade", "printer", "papier", "rol", "inkt", "sensor", "verbinding", "netwerk"),
    *("internet", "router", "update", "driver", "windows"),
)
TYPED = (
    "bonprinter print niet",
    "bonpriter prnt niet",
    "de kassalade gaat niet meer open",
    "kassalde",
    "hoe stel ik een korting in op zaterdag",
    "wachtwoord medewerker vergeten",
    "retour zonder bon",
    "etiketprnter aansluiten",
)


class Typing(Browser):
    """A visitor in whose page HTMX asks for a piece."""

    def get(self, path: str) -> str:
        headers = {"Cookie": self.cookies, "Accept-Language": "nl", "HX-Request": "true"}
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        assert answer.status == 200, f"{path} answered {answer.status}"
        return body


def fill(articles: int) -> None:
    """Articles of about 200 words, four fifths of them public, by plain inserts."""
    from django.db import connection
    from django.utils import timezone

    from balie.knowledge import vocabulary
    from balie.knowledge.models import Article, Publication, Section, Translation, Version

    print(f"Writing {articles:,} articles …", file=sys.stderr)
    now = timezone.now()
    sections = Section.objects.bulk_create(
        Section(slug=part, name_nl=part, name_en=part, position=place) for place, part in enumerate(PARTS)
    )
    audiences = ("everybody", "everybody", "everybody", "everybody", "agents")
    made = Article.objects.bulk_create(
        Article(section=sections[n % len(sections)], audience=audiences[n % 5], created_at=now)
        for n in range(articles)
    )
    translations = Translation.objects.bulk_create(Translation(article=each, language="nl") for each in made)
    versions = Version.objects.bulk_create(
        (
            Version(translation=each, number=1, written_at=now, **words_of(number))
            for number, each in enumerate(translations)
        ),
        batch_size=500,
    )
    Publication.objects.bulk_create(
        (
            Publication(
                translation=version.translation,
                article=version.translation.article,
                language="nl",
                version=version,
                slug=f"artikel-{number}",
                title=version.title,
                keywords=version.keywords,
                text=version.text,
                plain=version.text,
                published_at=now,
            )
            for number, version in enumerate(versions)
        ),
        batch_size=500,
    )
    vocabulary.learn(f"{each.title} {each.keywords}" for each in versions)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE knowledge_publication, knowledge_article, knowledge_word")


def words_of(number: int) -> dict[str, str]:
    part, trouble = PARTS[number % len(PARTS)], TROUBLES[number // len(PARTS) % len(TROUBLES)]
    place = PLACES[number // len(PARTS) // len(TROUBLES) % len(PLACES)]
    text = " ".join(islice(cycle((*WORDS[number % 37 :], *WORDS[: number % 37])), 200))
    return {
        "title": f"{part.capitalize()} {trouble} {place} ({number})",
        "keywords": f"{part}s {PARTS[(number * 7 + 3) % len(PARTS)]}",
        "text": text,
    }


def keystrokes() -> Iterator[str]:
    """What a search box asks while the sentences are typed, from the third letter on."""
    for sentence in cycle(TYPED):
        yield from (sentence[:length] for length in range(3, len(sentence) + 1, 2))


def measure(requests: int) -> dict[str, float]:
    from balie.knowledge.queries import suggest
    from balie.rules.visibility import Nobody

    times: dict[str, list[float]] = {}
    child, port = serve()
    try:
        visitor, typing = Browser(port, CONTACT), Typing(port, CONTACT)
        for number, typed in enumerate(islice(keystrokes(), WARM_UP + requests)):
            works: dict[str, Callable[[], object]] = {
                "results as you type": partial(typing.get, f"/help/?{urlencode({'q': typed})}"),
                "suggestions as you type": partial(typing.get, f"/help/suggest/?{urlencode({'q': typed})}"),
                "help site, the first page": partial(visitor.get, "/help/"),
                "bare view": partial(visitor.get, "/bare/"),
                "the search by itself": partial(suggest, typed, viewer=Nobody(), language="nl"),
            }
            for name, work in works.items():
                took = timed(work)
                if number >= WARM_UP:
                    times.setdefault(name, []).append(took)
    finally:
        child.terminate()
        child.wait(timeout=30)
    medians = {name: round(median(each), 1) for name, each in times.items()}
    slowest = {f"{name}, 95 of 100": round(quantiles(each, n=20)[-1], 1) for name, each in times.items()}
    return medians | slowest


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with running(tickets=1_000, open_tickets=100, customers=50):
        fill(arguments.articles)
        figures = measure(arguments.requests)
    if arguments.json:
        print(json.dumps({"articles": arguments.articles, "limit": LIMIT, **figures}))
        return
    print(f"{arguments.articles:,} articles; medians of {arguments.requests} requests, ms; limit {LIMIT}")
    for name, figure in figures.items():
        print(f"  {name:45} {figure:8.1f}")


if __name__ == "__main__":
    main()
