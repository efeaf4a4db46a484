"""“Was this useful?”: one vote for each visitor, counted on the article, and why not, for agents to read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from balie.knowledge.models import Publication, Translation, Vote

LONGEST_WHY = 1000


def digest_of(visitor: str) -> str:
    """What is kept of a visitor: enough to know the same one again on the same installation, and nothing else."""
    return salted_hmac("balie.knowledge.voting", visitor, algorithm="sha256").hexdigest()


@transaction.atomic
def vote(publication: Publication, *, visitor: str, is_useful: bool, why: str = "", now: datetime) -> Vote:
    """Count what `visitor` thinks of an article. A second vote takes the place of the first."""
    translation = Translation.objects.select_for_update().get(pk=publication.translation_id)
    before = translation.votes.filter(visitor=digest_of(visitor)).first()
    more = int(is_useful) - int(before is not None and before.is_useful)
    fewer = int(not is_useful) - int(before is not None and not before.is_useful)
    Translation.objects.filter(pk=translation.pk).update(
        useful=F("useful") + more, not_useful=F("not_useful") + fewer
    )
    cast, _created = Vote.objects.update_or_create(
        translation=translation,
        visitor=digest_of(visitor),
        defaults={
            "is_useful": is_useful,
            "why": "" if is_useful else why.replace("\x00", "").strip()[:LONGEST_WHY],
            "voted_at": now,
        },
    )
    return cast
