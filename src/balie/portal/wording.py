"""The rules' words as a customer reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from balie.rules.lifecycle import State
from balie.tickets import wording

STATES: Mapping[State, Any] = {**wording.STATES, State.WAITING: _("waiting for you")}
