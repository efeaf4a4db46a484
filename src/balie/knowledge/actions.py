"""Every write on articles: what they say, where they stand, whether they are published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from balie.accounts.models import User
from balie.audit.actions import record
from balie.contracts.models import Product
from balie.files.actions import store
from balie.knowledge import markup, media_kinds, vocabulary
from balie.knowledge.models import (
    KEYWORDS_LENGTH,
    SUMMARY_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Article,
    Media,
    Publication,
    Section,
    Translation,
    Version,
)
from balie.rules.audience import Audience
from balie.rules.reasons import Reason
from balie.rules.reasons import gettext_noop as _
from balie.rules.refusals import NoLongerSo, Refusal

UNSEEN = "\x00"
"""What no text may hold: PostgreSQL refuses it."""


class NotReadable(Refusal):
    """The article cannot be kept as it is: something is missing, too long, or cannot be shown to everybody."""


class WrittenMeanwhile(NoLongerSo):
    """Somebody saved the same article since this person opened it."""


class AlreadyThere(NoLongerSo):
    """What is to be made exists already."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote. `note` tells colleagues what changed."""

    title: str
    text: str
    summary: str = ""
    keywords: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where an article stands, what it is about and who may read it."""

    section: Section
    audience: Audience = Audience.EVERYBODY
    products: Sequence[Product] = ()
    position: int = 0


@transaction.atomic
def begin(placing: Placing, language: str, draft: Draft, *, by: User | None, now: datetime) -> Translation:
    """Write a new article: a draft in one language, which nobody but the desk sees."""
    article = Article.objects.create(
        section=placing.section, audience=placing.audience.value, position=placing.position, created_at=now
    )
    article.products.set(placing.products)
    return translate(article, language, draft, by=by, now=now)


@transaction.atomic
def translate(
    article: Article, language: str, draft: Draft, *, by: User | None, now: datetime
) -> Translation:
    """Write an article in one more language. Raises `AlreadyThere` when somebody did so meanwhile."""
    try:
        with transaction.atomic():
            translation = Translation.objects.create(article=article, language=language)
    except IntegrityError:
        raise AlreadyThere(_("This article exists in that language already: open it to go on.")) from None
    version = _write(translation, 1, draft, by=by, now=now)
    record("write_article", article, by=by, now=now, language=language, title=version.title)
    return translation


@transaction.atomic
def save(translation: Translation, draft: Draft, *, seen: int, by: User | None, now: datetime) -> Version:
    """Keep a new version. `seen`: the number of the version that the writer began from.

    Raises `WrittenMeanwhile` when there is a newer one: what this writer wrote is still theirs to save again.
    Words that did not change make no version.
    """
    translation = _locked(translation)
    latest = _latest(translation)
    if latest.number != seen:
        raise WrittenMeanwhile(
            Reason(
                _("%(who)s saved version %(number)s of this article while you were writing."),
                {"who": str(latest.written_by or "Balie"), "number": latest.number},
            ),
            Reason(_("Compare it with yours, take over what is missing, and save again.")),
        )
    if _is_same(latest, draft):
        return latest
    version = _write(translation, latest.number + 1, draft, by=by, now=now)
    record(
        "save_article",
        translation.article,
        by=by,
        now=now,
        language=translation.language,
        version=version.number,
        note=version.note,
    )
    return version


@transaction.atomic
def restore(translation: Translation, number: int, *, note: str, by: User, now: datetime) -> Version:
    """Put back an earlier version, as a new one with this `note`: nothing is taken away."""
    translation = _locked(translation)
    earlier, latest = _version(translation, number), _latest(translation)
    draft = Draft(earlier.title, earlier.text, earlier.summary, earlier.keywords, note)
    return save(translation, draft, seen=latest.number, by=by, now=now)


@transaction.atomic
def place(article: Article, placing: Placing, *, by: User | None, now: datetime) -> Article:
    """Put an article elsewhere, or let others read it. Takes effect at once, also for what is published."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    before = {"section": article.section_id, "audience": article.audience, "position": article.position}
    after = {
        "section": placing.section.pk,
        "audience": placing.audience.value,
        "position": placing.position,
    }
    changes: dict[str, object] = {
        name: [before[name], value] for name, value in after.items() if before[name] != value
    }
    products = {each.pk for each in placing.products}
    if products != set(article.products.values_list("pk", flat=True)):
        article.products.set(placing.products)
        changes["products"] = sorted(each.key for each in placing.products)
    if changes:
        article.section, article.audience = placing.section, placing.audience.value
        article.position = placing.position
        article.save()
        record("place_article", article, by=by, now=now, **changes)
    return article


@transaction.atomic
def publish(translation: Translation, *, number: int, by: User | None, now: datetime) -> Publication:
    """Let readers see version `number`, in place of what they see now. Pictures must be there and be described."""
    translation = _locked(translation)
    version = _version(translation, number)
    _check_media(translation.article, version.text)
    publication, _created = Publication.objects.update_or_create(
        translation=translation,
        defaults={
            "article": translation.article,
            "language": translation.language,
            "version": version,
            "slug": slugify(version.title)[:100] or "article",
            "title": version.title,
            "summary": version.summary,
            "keywords": version.keywords,
            "text": version.text,
            "plain": markup.plain(version.text),
            "published_at": now,
        },
    )
    vocabulary.learn([version.title, version.summary, version.keywords])
    record(
        "publish_article",
        translation.article,
        by=by,
        now=now,
        language=translation.language,
        version=version.number,
        title=version.title,
    )
    return publication


@transaction.atomic
def unpublish(translation: Translation, *, by: User, now: datetime) -> None:
    """Take an article from the help site. Its versions and votes stay; a second time changes nothing."""
    translation = _locked(translation)
    gone, _kinds = Publication.objects.filter(translation=translation).delete()
    if gone:
        record("unpublish_article", translation.article, by=by, now=now, language=translation.language)


@transaction.atomic
def add_media(
    article: Article, *, name: str, content: bytes, description: str, by: User | None, now: datetime
) -> Media:
    """Keep a picture or a video with an article, under a name that is free. Raises `NotReadable` for anything else."""
    content_type = media_kinds.kind_of(content)
    if content_type is None:
        raise NotReadable(_("“%(name)s” is no picture (PNG, JPEG, GIF) and no video (MP4, WebM)."), name=name)
    if not description.strip():
        raise NotReadable(_("Say what there is to see: not everybody sees the picture."))
    Article.objects.select_for_update().get(pk=article.pk)
    taken = set(article.media.values_list("name", flat=True))
    media = Media.objects.create(
        article=article,
        file=store(content),
        name=media_kinds.free_name(name, content_type, taken),
        content_type=content_type,
        description=description.replace(UNSEEN, "").strip()[:200],
    )
    record("add_media", article, by=by, now=now, name=media.name)
    return media


# --- Pieces ---------------------------------------------------------------------------------------------


def _locked(translation: Translation) -> Translation:
    """Lock first, read then: who waited for the lock must see the version that the other one wrote."""
    Translation.objects.select_for_update().get(pk=translation.pk)
    return Translation.objects.select_related("article", "latest__written_by").get(pk=translation.pk)


def _latest(translation: Translation) -> Version:
    assert translation.latest is not None  # `_write` sets it in the transaction that makes the translation
    return translation.latest


def _version(translation: Translation, number: int) -> Version:
    version = translation.versions.filter(number=number).first()
    if version is None:
        raise NoLongerSo(_("There is no version %(number)s of this article."), number=number)
    return version


def _write(translation: Translation, number: int, draft: Draft, *, by: User | None, now: datetime) -> Version:
    words = _checked(draft)
    version = Version.objects.create(
        translation=translation,
        number=number,
        title=words.title,
        summary=words.summary,
        keywords=words.keywords,
        text=words.text,
        note=words.note,
        written_by=by,
        written_at=now,
    )
    translation.latest = version
    translation.save(update_fields=["latest"])
    return version


def _checked(draft: Draft) -> Draft:
    """The draft without what a database cannot keep. Raises `NotReadable` by name."""
    words = Draft(
        title=_one_line(draft.title),
        text=draft.text.replace(UNSEEN, "").replace("\r\n", "\n").strip(),
        summary=_one_line(draft.summary),
        keywords=_one_line(draft.keywords),
        note=_one_line(draft.note)[:200],
    )
    if not words.title:
        raise NotReadable(_("An article needs a title."))
    limits = (
        (words.title, TITLE_LENGTH),
        (words.summary, SUMMARY_LENGTH),
        (words.keywords, KEYWORDS_LENGTH),
        (words.text, TEXT_LENGTH),
    )
    for written, limit in limits:
        if len(written) > limit:
            raise NotReadable(
                _("This is too long: %(length)s characters, and at most %(limit)s can be kept."),
                length=len(written),
                limit=limit,
            )
    return words


def _one_line(text: str) -> str:
    return " ".join(text.replace(UNSEEN, "").split())


def _is_same(version: Version, draft: Draft) -> bool:
    words = _checked(draft)
    return (version.title, version.summary, version.keywords, version.text) == (
        words.title,
        words.summary,
        words.keywords,
        words.text,
    )


def _check_media(article: Article, text: str) -> None:
    described = set(article.media.values_list("name", flat=True))
    if missing := markup.media_in(text) - described:
        raise NotReadable(
            _("The text calls “%(name)s”, and there is no such picture or video."), name=min(missing)
        )
