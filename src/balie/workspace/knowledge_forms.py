"""What agents fill in about help articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from balie.contracts.models import Product
from balie.knowledge.actions import Draft, Placing
from balie.knowledge.models import (
    AUDIENCES,
    KEYWORDS_LENGTH,
    SUMMARY_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Article,
    Section,
    Version,
)
from balie.rules.audience import Audience
from balie.web.forms import Styled
from balie.web.uploads import LARGEST_TOTAL, too_large

if TYPE_CHECKING:  # Django's form fields cannot be subscripted while they run
    OneOfSections = forms.ModelChoiceField[Section]
    SomeProducts = forms.ModelMultipleChoiceField[Product]
else:
    OneOfSections, SomeProducts = forms.ModelChoiceField, forms.ModelMultipleChoiceField


LANGUAGES = ("nl", "en")


class SectionChoice(OneOfSections):
    """Sections by their name, the parts below the whole."""

    def label_from_instance(self, obj: Section) -> str:
        return f"{obj.parent} › {obj}" if obj.parent else str(obj)


class ArticleForm(Styled):
    """An article as it is written. `seen`: the number of the version that the writer began from, 0 for a new one."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        max_length=SUMMARY_LENGTH,
        help_text=_("One sentence, shown in lists and suggestions."),
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=TEXT_LENGTH,
        strip=False,
        widget=forms.Textarea({"rows": 22, "spellcheck": "true"}),
        help_text=_(
            "Markdown: ## heading, **bold**, 1. for steps, - for points, [text](https://…) for a link."
        ),
    )
    keywords = forms.CharField(
        label=_("Other words for it"),
        required=False,
        max_length=KEYWORDS_LENGTH,
        help_text=_("What people call it who do not know our words; they are searched too."),
    )
    section = SectionChoice(
        Section.objects.select_related("parent"), label=_("Section"), to_field_name="slug", empty_label=None
    )
    audience = forms.ChoiceField(label=_("Who may read it"), choices=AUDIENCES)
    products = SomeProducts(
        Product.objects.all(),
        label=_("Products"),
        required=False,
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: it is about all of them."),
    )
    position = forms.IntegerField(
        label=_("Place in the section"), min_value=0, max_value=999, initial=0, required=False
    )
    note = forms.CharField(
        label=_("What did you change?"),
        required=False,
        max_length=200,
        help_text=_("For colleagues, beside the version."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6, initial=0)
    file = forms.FileField(
        label=_("Picture or video"),
        required=False,
        widget=forms.FileInput(
            {
                "accept": "image/png,image/jpeg,image/gif,video/mp4,video/webm",
                "data-largest": LARGEST_TOTAL,
                "data-too-large": lazy(too_large, str)(),
            }
        ),
    )
    description = forms.CharField(
        label=_("What is there to see?"),
        required=False,
        max_length=200,
        help_text=_("Read aloud to who cannot see it, and shown when it does not load."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["products"].widget.attrs["class"] = "form-check-input"

    def begin_from(self, version: Version) -> None:
        """Let what was typed be saved after `version`, which the page shows by now."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["seen"] = str(version.number)
        self.data = data

    def draft(self) -> Draft:
        given = self.cleaned_data
        return Draft(given["title"], given["text"], given["summary"], given["keywords"], given["note"])

    def placing(self) -> Placing:
        given = self.cleaned_data
        return Placing(
            section=given["section"],
            audience=Audience(given["audience"]),
            products=list(given["products"]),
            position=given["position"] or 0,
        )


def as_written(article: Article | None, version: Version | None) -> dict[str, Any]:
    """What a form begins with."""
    begun: dict[str, Any] = {"seen": version.number if version else 0}
    if article is not None:
        begun |= {
            "section": article.section.slug,
            "audience": article.audience,
            "products": [each.key for each in article.products.all()],
            "position": article.position,
        }
    if version is not None:
        begun |= {name: getattr(version, name) for name in ("title", "summary", "keywords", "text")}
    return begun


class SectionForm(Styled):
    """A section of the help site: its names, what it is part of and where it stands."""

    name_nl = forms.CharField(label=_("Dutch name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=120)
    parent = SectionChoice(
        Section.objects.filter(parent=None),
        label=_("Part of"),
        required=False,
        to_field_name="slug",
        empty_label=_("nothing"),
    )
    position = forms.IntegerField(label=_("Place"), min_value=0, max_value=999, initial=0)

    def __init__(self, *args: Any, section: Section | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        if section is not None:
            self.fields["parent"].queryset = Section.objects.filter(parent=None).exclude(pk=section.pk)  # type: ignore[attr-defined]

    @staticmethod
    def begun(section: Section | None) -> dict[str, Any]:
        """What the form of a section begins with."""
        if section is None:
            return {}
        parent = section.parent.slug if section.parent else ""
        names = {"name_nl": section.name_nl, "name_en": section.name_en}
        return names | {"parent": parent, "position": section.position}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("parent") and self.section is not None and self.section.children.exists():
            self.add_error("parent", _("This section has parts of its own, so it stays at the top."))
        return cleaned
