"""What a desk says to callers as long as it has no words of its own: by the name of the sound file (SW-05, IB-03).

Topics, keys, days and times are said besides; they follow from the desk. Which is said when `phone.prompts` knows.
"""

from __future__ import annotations

from collections.abc import Mapping

from balie.rules.reasons import gettext_noop as _
from balie.rules.routing import SOMETHING_ELSE

STANDARD: Mapping[str, str] = {
    "ask-topic": _("What is your call about?"),
    "closed": _("We are closed now."),
    "open-again": _("We can be reached again from"),
    "make-a-ticket": _("You can make a ticket on our website."),
    "make-ticket": _(
        "We cannot put this call through. Make a ticket on our website; there you can ask to be called back, too."
    ),
    "show-number": _(
        "We cannot see your number, so we cannot put this call through. Call again with your number shown, or make a "
        "ticket on our website."
    ),
    "not-by-phone": _(
        "We do not take this by telephone now. Make a ticket on our website and we will help you there."
    ),
    "no-telephone": _("We are not reached by telephone. Make a ticket on our website."),
    f"topic-{SOMETHING_ELSE}": _("For something else,"),
    "day-today": _("today"),
    "day-tomorrow": _("tomorrow"),
    "hear-again": _("To hear this again, press the hash key."),
}
