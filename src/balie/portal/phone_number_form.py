"""The form in which a customer hands in a phone number."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from balie.web.forms import Styled


class NumberForm(Styled):
    """A number as people write it, and whose it is."""

    number = forms.CharField(
        label=_("Phone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("For instance 020 123 45 67 or +31 6 12 34 56 78."),
    )
    label = forms.CharField(
        label=_("Where or whose is it?"),
        required=False,
        max_length=60,
        help_text=_("For instance: shop, office, Marga's mobile."),
    )
