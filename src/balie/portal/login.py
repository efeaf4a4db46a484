"""The login, with the address filled in for who comes from a mail of ours (SW-17, IB-15)."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context

from balie.customers.addressees import address_for


class Login(LoginForm):  # type: ignore[misc]
    """Address and password. A link from a mail leads here when nobody is logged in, and then on to its page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound and (address := address_for(context.request.GET.get("next", ""))):
            self.initial["login"] = address
            self.fields["login"].widget.attrs.pop("autofocus", None)
            self.fields["password"].widget.attrs["autofocus"] = True
