"""Forms in the look of our pages."""

from __future__ import annotations

from typing import Any

from django import forms

LOOKS = {
    forms.CheckboxInput: "form-check-input",
    forms.RadioSelect: "form-check-input",
    forms.Select: "form-select",
    forms.TextInput: "form-control",
    forms.Textarea: "form-control",
    forms.FileInput: "form-control",
}


def look_of(widget: forms.Widget) -> str:
    """The class of a widget."""
    return next((look for kind, look in LOOKS.items() if isinstance(widget, kind)), "form-control")


class Styled(forms.Form):
    """Gives every widget its class, and marks a field with errors for eyes and screen readers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", look_of(field.widget))

    def full_clean(self) -> None:
        super().full_clean()
        for name in self.errors:
            if name in self.fields:
                attrs = self.fields[name].widget.attrs
                attrs["class"] = f"{attrs['class']} is-invalid"
