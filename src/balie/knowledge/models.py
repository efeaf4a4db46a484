"""The help site: a tree of sections, articles in it, each in one or more languages, every saved version kept.

What visitors read is a `Publication`: a copy of one version, which exists only while the article is published. The
help site, its search and its suggestions read nothing else, so that a draft cannot leak from them.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from balie.contracts.models import Product
from balie.desk.models import InTwoLanguages
from balie.files.models import File
from balie.rules.audience import Audience

AUDIENCES = [
    (Audience.EVERYBODY.value, _("everybody")),
    (Audience.CUSTOMERS.value, _("customers only")),
    (Audience.AGENTS.value, _("agents only")),
]
TITLE_LENGTH = 150
SUMMARY_LENGTH = 300
KEYWORDS_LENGTH = 300
TEXT_LENGTH = 50_000
"""Characters: twenty pages of paper. Longer is to be split, for readers too."""


class Section(InTwoLanguages):
    """A shelf of the help site, in a tree of two levels: parts, and parts of those."""

    slug = models.SlugField(_("name in the address"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="section_not_its_own_parent")
        ]


class Article(models.Model):
    """One subject, whatever the languages that it is written in: where it stands and who may read it."""

    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, related_name="articles", verbose_name=_("section")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    audience = models.CharField(
        _("who may read it"), max_length=10, choices=AUDIENCES, default=Audience.EVERYBODY.value
    )
    products = models.ManyToManyField(
        Product, blank=True, related_name="articles", verbose_name=_("products")
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=[each.value for each in Audience]), name="article_audience_known"
            )
        ]
        indexes = [models.Index(fields=["section", "position", "id"], name="article_of_section")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Translation(models.Model):
    """An article in one language. `latest` is its newest version; the counters tell what readers thought of it."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="translations", verbose_name=_("article")
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    latest = models.ForeignKey(
        "Version", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("newest version")
    )
    useful = models.PositiveIntegerField(_("found useful"), default=0)
    not_useful = models.PositiveIntegerField(_("found not useful"), default=0)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["article", "-language"]
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="translation_once_a_language"),
            models.CheckConstraint(
                condition=Q(language__in=[code for code, _name in settings.LANGUAGES]),
                name="translation_language_known",
            ),
        ]

    def __str__(self) -> str:
        return self.latest.title if self.latest else f"{self.article} ({self.language})"


class Wording(models.Model):
    """What somebody wrote: the title, what it is about in a sentence, words that people use for it, and the text."""

    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    summary = models.CharField(_("summary"), max_length=SUMMARY_LENGTH, blank=True)
    keywords = models.CharField(_("other words for it"), max_length=KEYWORDS_LENGTH, blank=True)
    text = models.TextField(_("text"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Version(Wording):
    """A translation as somebody saved it; never changed afterwards (the database refuses)."""

    translation = models.ForeignKey(
        Translation, on_delete=models.CASCADE, related_name="versions", verbose_name=_("translation")
    )
    number = models.PositiveIntegerField(_("number"))
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["translation", "number"], name="version_number_once"),
            models.CheckConstraint(condition=~Q(title=""), name="version_has_a_title"),
        ]


def _names(config: str) -> models.Expression:
    return SearchVector("title", weight="A", config=config) + SearchVector(
        "summary", "keywords", weight="B", config=config
    )


def _everything(config: str) -> models.Expression:
    return _names(config) + SearchVector("plain", weight="C", config=config)


class Publication(Wording):
    """What readers see: a copy of one version, there only while the article is published.

    `plain` is the text without its markup. `search` has the stems of everything in its own language, `names` those
    of what the article is called and is about.
    """

    translation = models.OneToOneField(
        Translation, on_delete=models.CASCADE, primary_key=True, verbose_name=_("translation")
    )
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="publications", verbose_name=_("article")
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    version = models.ForeignKey(
        Version, on_delete=models.PROTECT, related_name="+", verbose_name=_("version")
    )
    slug = models.SlugField(_("name in the address"), max_length=100)
    plain = models.TextField()
    published_at = models.DateTimeField(_("published at"))
    search = models.GeneratedField(
        expression=Case(When(language="en", then=_everything("english")), default=_everything("dutch")),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    names = models.GeneratedField(
        expression=Case(When(language="en", then=_names("english")), default=_names("dutch")),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="publication_once_a_language")
        ]
        indexes = [
            GinIndex(fields=["search"], name="publication_search"),
            GinIndex(fields=["names"], name="publication_names"),
        ]


class Word(models.Model):
    """A word that published articles are called by: what a word with a typing error, or a part of one, may mean."""

    word = models.CharField(_("word"), max_length=40, primary_key=True)

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="word_letters")]

    def __str__(self) -> str:
        return self.word


class Media(models.Model):
    """A picture or a video of an article, which its text calls by name: `![](picture:receipt.png)`."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="media", verbose_name=_("article")
    )
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    name = models.CharField(_("name"), max_length=100)
    content_type = models.CharField(_("type"), max_length=40)
    description = models.CharField(_("what there is to see"), max_length=200)

    class Meta:
        verbose_name = _("picture or video")
        verbose_name_plural = _("pictures and videos")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "name"], name="media_name_once"),
            models.CheckConstraint(
                condition=Q(name__regex=r"^[a-z0-9][a-z0-9._-]*$"), name="media_name_plain"
            ),
            models.CheckConstraint(condition=~Q(description=""), name="media_is_described"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_video(self) -> bool:
        return self.content_type.startswith("video/")


class Vote(models.Model):
    """What one visitor thought of an article in one language. `visitor` is a digest: it tells nobody who it was."""

    translation = models.ForeignKey(
        Translation, on_delete=models.CASCADE, related_name="votes", verbose_name=_("translation")
    )
    visitor = models.CharField(max_length=64)
    is_useful = models.BooleanField(_("useful"))
    why = models.CharField(_("why not"), max_length=1000, blank=True)
    voted_at = models.DateTimeField(_("voted at"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["-voted_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["translation", "visitor"], name="vote_once_a_visitor")]

    def __str__(self) -> str:
        return self.why or str(self.is_useful)
