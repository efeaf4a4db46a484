"""Which customer somebody means who typed a number or a name."""

from __future__ import annotations

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q
from django.db.models.functions import Upper

from balie.customers.models import Customer

MOST = 8
LIKENESS = 0.35


def customers_like(*, number: str, name: str) -> list[Customer]:
    """Active customers, the one with exactly this number first, then those whose name is most like it."""
    number, name = number.strip(), name.strip()
    exact = list(Customer.objects.filter(is_active=True, number__iexact=number)) if number else []
    if not name:
        return exact
    alike = (
        Customer.objects.filter(is_active=True)
        .exclude(pk__in=[each.pk for each in exact])
        .annotate(likeness=TrigramWordSimilarity(name.upper(), Upper("name")))
        .filter(Q(likeness__gte=LIKENESS))
        .order_by("-likeness", "name", "pk")
    )
    return [*exact, *alike[: MOST - len(exact)]]
