"""What the desk says about mail that comes in, and every step of a mail's way."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from balie.accounts.models import Team
from balie.rules import mail_matching as rules
from balie.tickets.models import Category

SPAM_HEADERS = """\
X-Spam-Flag: yes
X-Spam-Status: yes
X-Spam: yes
X-Rspamd-Action: reject
X-Rspamd-Action: add header
X-Rspamd-Action: rewrite subject
X-Bogosity: spam
X-MS-Exchange-Organization-SCL: 5
X-MS-Exchange-Organization-SCL: 6
X-MS-Exchange-Organization-SCL: 7
X-MS-Exchange-Organization-SCL: 8
X-MS-Exchange-Organization-SCL: 9
"""
STRANGERS = [
    (rules.Strangers.BECOME_CONTACTS.value, _("become a contact at once, placed at no customer")),
    (rules.Strangers.WAIT.value, _("wait on a list until an agent places them")),
]
CARES = [
    (rules.Care.NEVER.value, _("never: results are only shown")),
    (rules.Care.POLICY.value, _("when the sender's domain itself asks for it (DMARC)")),
    (rules.Care.STRICT.value, _("whenever a check failed and none passed")),
]


class MailSettings(models.Model):
    """What the desk says about mail that comes in; without a row the values below hold."""

    strangers = models.CharField(
        _("senders whom nobody knows"),
        max_length=10,
        choices=STRANGERS,
        default=rules.Strangers.BECOME_CONTACTS.value,
    )
    care = models.CharField(
        _("a sender is taken for forged"),
        max_length=10,
        choices=CARES,
        default=rules.Care.POLICY.value,
        help_text=_(
            "What is from a forged sender waits for an agent, and never reaches the customer's tickets."
        ),
    )
    trusted_checkers = models.TextField(
        _("mail servers whose checks are believed"),
        blank=True,
        help_text=_(
            "The names that your own mail servers put first in Authentication-Results, one a line. Those of others are "
            "passed over."
        ),
    )
    checks_here = models.BooleanField(
        _("check senders here when no mail server did"),
        default=True,
        help_text=_(
            "Only for mail that comes with the address of the server that sent it (LMTP with XFORWARD)."
        ),
    )
    spam_headers = models.TextField(
        _("headers by which a filter says that something is spam"),
        blank=True,
        default=SPAM_HEADERS,
        help_text=_("One a line, as “X-Spam-Flag: yes”: the name, and how its value begins."),
    )
    spam_kept_days = models.PositiveSmallIntegerField(
        _("days that spam is kept"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    answers_per_hour = models.PositiveSmallIntegerField(
        _("automatic mails to one address in an hour"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("So that two programs that answer each other come to an end."),
    )
    answers_per_ticket = models.PositiveSmallIntegerField(
        _("automatic mails about one ticket in an hour"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )
    own_lists = models.TextField(
        _("mailing lists that only pass on what was sent to the desk"),
        blank=True,
        help_text=_("Their List-Id, one a line: what comes through them counts as written by a person."),
    )

    class Meta:
        verbose_name = _("rules for mail that comes in")
        verbose_name_plural = _("rules for mail that comes in")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="mail_settings_one_row"),
            models.CheckConstraint(
                condition=Q(strangers__in=[key for key, _name in STRANGERS]), name="mail_strangers_known"
            ),
            models.CheckConstraint(
                condition=Q(care__in=[key for key, _name in CARES]), name="mail_care_known"
            ),
            models.CheckConstraint(
                condition=Q(answers_per_hour__gte=1, answers_per_ticket__gte=1, spam_kept_days__gte=1),
                name="mail_settings_above_zero",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class DeskAddress(models.Model):
    """One of the desk's addresses, with what a mail to it becomes: `kassa@…` is a question about a till.

    The address may have a plus (`help+kassa@…`). The desk's own address needs no row.
    """

    address = models.EmailField(_("address"))
    category = models.ForeignKey(
        Category,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    language = models.CharField(
        _("language of new senders"),
        max_length=2,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Empty: the language of the desk."),
    )

    class Meta:
        verbose_name = _("address of the desk")
        verbose_name_plural = _("addresses of the desk")
        ordering = ["address"]
        constraints = [models.UniqueConstraint(Lower("address"), name="desk_address_once")]

    def __str__(self) -> str:
        return self.address


class Step(models.TextChoices):
    """What happened to a mail, where no row of its own tells."""

    SORTED = "sorted", _("sorted")
    RELEASED = "released", _("an agent let it through")
    TAKEN_BACK = "taken_back", _("the agent took that back")
    REFUSED = "refused", _("an agent said that it is not for us")
    CAPPED = "capped", _("no answer went out, because there were too many")
    RETRIED = "retried", _("taken out of quarantine")
    TRIED = "tried", _("given to the mail server")
    BOUNCED = "bounced", _("came back")


class MailStep(models.Model):
    """One step of a mail's way, written once (the database refuses changes).

    It outlives the mail that it tells of, and so holds no name, no address and no text of a person: `inbound` or
    `outbound` is the key of the row that does. `data`: reasons, the words of a server, who did it (a key).
    """

    at = models.DateTimeField(_("at"))
    step = models.CharField(_("step"), max_length=12, choices=Step.choices)
    inbound = models.BigIntegerField(_("mail that came in"), null=True)
    outbound = models.BigIntegerField(_("mail that goes out"), null=True)
    data = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("step of a mail")
        verbose_name_plural = _("steps of mails")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(step__in=Step.values), name="mail_step_known"),
            models.CheckConstraint(
                condition=Q(inbound__isnull=False) ^ Q(outbound__isnull=False), name="mail_step_of_one_mail"
            ),
        ]
        indexes = [
            models.Index(fields=["inbound", "id"], condition=Q(inbound__isnull=False), name="mail_step_in"),
            models.Index(
                fields=["outbound", "id"], condition=Q(outbound__isnull=False), name="mail_step_out"
            ),
            models.Index(fields=["-id"], condition=Q(step="capped"), name="mail_step_capped"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.at:%Y-%m-%d %H:%M:%S}"
