"""Every address of Balie, asked for by everybody: who gets what (SW-19, IB-05), and that nobody gets what is Carla's.

A new address fails this test until it has a row. To add one:

1. `PAGES["its name"] = (what a GET gives, what a POST gives)`; each is a line of statuses in the order of `ROLES`.
   Use one of the named lines (`OF_A_CONTACT`, `OF_AN_AGENT` …) when it fits. Seven statuses will do: Marga, who may
   do everything at Carla's shop, then gets what Carla gets, and Udo, who belongs nowhere, what Dario gets. Write
   nine when money, ordering, colleagues or having no customer make a difference.
2. Its arguments, when it has any: `places` in the fixture `scene`, with the key of something of *Carla's*. Make the
   thing there too, with a text that nobody else may read, and put that text into `HERS_AND_OURS`.
3. A query string in `queries`, and in `bodies` a form that *succeeds* for whoever may send it: else a POST proves
   nothing. Every POST is rolled back.
4. A new table whose rows nobody may change without the right to: add it to `what_is_stored`.
5. A new table in the administration: a row in `ADMINISTRATION`.

The test then asks for the address as everybody, by GET and by POST; whoever is refused must have changed nothing, and
no answer may hold a text that is not meant for the reader (`not_for`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from tests.cast import at, browser_of, contact
from tests.knowledge.shelf import Shelf

from balie.accounts.models import User
from balie.administration.actions import order_recount
from balie.audit.models import Entry
from balie.backups.links import token_of
from balie.backups.models import BackupVideo, VideoRequest
from balie.contracts.models import CreditBooking, KindPrice
from balie.customers import number_codes, phone_numbers, phone_ranges
from balie.customers.account_models import Standing
from balie.customers.models import (
    AddressClaim,
    Contact,
    Customer,
    Invitation,
    PhoneNumber,
    PhoneRange,
    Registration,
    Site,
)
from balie.desk.models import Desk, Line
from balie.knowledge import actions as versions
from balie.knowledge.actions import Draft as ArticleDraft
from balie.knowledge.models import Publication, Section, Version
from balie.mail import bounces, intake, releasing, signing
from balie.mail.models import (
    DeskAddress,
    InboundMail,
    KnownKey,
    Mailbox,
    MailFile,
    MailSettings,
    OutboundMail,
)
from balie.phone.actions import made as make_exchange
from balie.phone.models import Call, CalledNumber, Extension, MissedCaller
from balie.privacy.actions import ask_erasure, ask_export
from balie.privacy.persons import Person
from balie.rules.address_claims import State
from balie.rules.delivery import meaning_of
from balie.rules.lifecycle import Actor, Move
from balie.rules.visibility import Reach
from balie.rules.wishes import Channel, Wish
from balie.tickets import actions
from balie.tickets.actions import OpenForm, Upload, Writing
from balie.tickets.models import (
    CallAttempt,
    CallBack,
    Copy,
    Draft,
    HeldAnswer,
    Message,
    Stopwatch,
    Ticket,
    TicketEvent,
    TimeEntry,
)

ROLES = ("Eve", "Carla", "Otto", "Sanne", "Dario", "Anna", "Willem", "Marga", "Udo")
"""Eve has no login; Carla asked, and may read all of her customer but no prices; Otto, her colleague, sees his own
questions only; Sanne those of another shop of the same customer; Dario is another customer; Anna an agent; Willem the
administrator; Marga, the owner of Carla's shop, sees prices, orders and lets colleagues in; Udo has a login that the
desk has not placed at a customer."""
LIKE = {"Marga": "Carla", "Udo": "Dario"}
"""What these two get where a line has only seven statuses."""
LOGIN = "login"
"""An answer that leads to the login page."""


def expected_for(role: str, line: str) -> str:
    """The status in a line of the table for this role."""
    statuses = dict(zip(ROLES, line.split(), strict=False))
    return statuses[role] if role in statuses else statuses[LIKE[role]]


# What each role gets, in the order of ROLES. A column says 200, 404 …, `login` (led there), `302` (led elsewhere).

ANYBODY = "200 200 200 200 200 200 200"
WITHOUT_A_TOKEN = "401 401 401 401 401 401 401"  # a login opens nothing that an exchange may do
NO_SUCH_METHOD = "405 405 405 405 405 405 405"
OF_A_CONTACT = "login 200 200 200 200 302 302"
OF_THE_TICKET = "login 200 404 404 404 302 302"
WRITES_ON_THE_TICKET = "login 302 404 404 404 302 302"
OF_THE_WRITER = "login 302 404 404 404 302 302 404 404"
ONLY_READ = "login 405 405 405 405 302 302"
OF_AN_AGENT = "login 404 404 404 404 200 200"
WRITES_AS_AN_AGENT = "login 404 404 404 404 302 302"
NO_SUCH_METHOD_FOR_AGENTS = "login 404 404 404 404 405 405"
ONLY_WRITTEN_BY_AN_AGENT = "login 404 404 404 404 405 405"
OF_AN_ADMINISTRATOR = "login 404 404 404 404 404 200"
OF_A_MANAGER = "login 404 404 404 404 302 302 200 404"  # Marga lets colleagues in
WRITES_AS_A_MANAGER = "login 404 404 404 404 302 302 302 404"
ONLY_WRITES_AS_A_MANAGER = "login 404 404 404 404 302 302 405 404"
FORGED = "422 422 422 422 422 422 422"  # a link that nobody mailed
OF_A_LOGIN = "login 200 200 200 200 200 200"
ONLY_WITHOUT_LOGIN = "200 302 302 302 302 302 302"
ONLY_WITH_LOGIN = "login 302 302 302 302 302 302"
NO_SECOND_STEP_YET = "login 404 404 404 404 404 404"
AFTER_THE_LOGIN_ONLY_TO_READ = "login 405 405 405 405 405 405"
OF_THE_ADMINISTRATION = "login 403 403 403 403 403 200"
ONLY_ADMINISTRATORS_LOOK = "login 404 404 404 404 404 405"
ONLY_ADMINISTRATORS_READ = "login 403 403 403 403 403 405"

PAGES: dict[str, tuple[str, str]] = {
    # The public page and the portal: GET, POST
    "start": (ANYBODY, NO_SUCH_METHOD),
    "after_login": ("302 302 302 302 302 302 302", NO_SUCH_METHOD),
    "invitation": ("422 422 422 422 422 422 422", "422 422 422 422 422 422 422"),
    "join": (FORGED, FORGED),
    "forgot_login": (ANYBODY, "302 302 302 302 302 302 302"),
    "login_asked": (ANYBODY, NO_SUCH_METHOD),
    "verify_claim": (FORGED, FORGED),
    "stop_claim": (FORGED, FORGED),
    "waiting": ("login 302 302 302 302 302 302 302 200", NO_SUCH_METHOD),
    "people": (OF_A_MANAGER, WRITES_AS_A_MANAGER),
    "colleague": (OF_A_MANAGER, WRITES_AS_A_MANAGER),
    "colleague_door": (ONLY_WRITES_AS_A_MANAGER, WRITES_AS_A_MANAGER),
    "withdraw_invitation": (ONLY_WRITES_AS_A_MANAGER, WRITES_AS_A_MANAGER),
    "demo_progress": (ANYBODY, NO_SUCH_METHOD),
    "help": (ANYBODY, NO_SUCH_METHOD),
    "help_section": (ANYBODY, NO_SUCH_METHOD),
    "help_sitemap": (ANYBODY, NO_SUCH_METHOD),
    "knowledge_suggest": (ANYBODY, NO_SUCH_METHOD),
    "api": (ANYBODY, NO_SUCH_METHOD),
    "api_schema": (ANYBODY, NO_SUCH_METHOD),
    "api_phone_route": (NO_SUCH_METHOD, WITHOUT_A_TOKEN),
    "api_phone_events": (NO_SUCH_METHOD, WITHOUT_A_TOKEN),
    "api_phone_prompts": (WITHOUT_A_TOKEN, NO_SUCH_METHOD),
    "article_by_key": ("302 302 302 302 302 302 302", NO_SUCH_METHOD),
    "article": (ANYBODY, NO_SUCH_METHOD),
    "article_vote": (NO_SUCH_METHOD, "302 302 302 302 302 302 302"),
    "article_media": ("404 404 404 404 404 200 200", NO_SUCH_METHOD),  # a picture of a draft
    "my_helpdesk": (OF_A_CONTACT, ONLY_READ),
    "my_hours": (ANYBODY, NO_SUCH_METHOD),  # no more than the public page tells
    "my_video": (ONLY_READ, "login 302 302 302 302 302 302"),
    "my_number_hand_in": (ONLY_READ, "login 302 404 404 302 302 302 302 404"),
    "my_number_code": (ONLY_READ, "login 302 404 404 404 302 302"),
    "my_number_remove": (ONLY_READ, "login 302 404 404 404 302 302"),
    "backup_video": (ANYBODY, NO_SUCH_METHOD),  # whoever has the link from the mail
    "backup_video_file": ("404 404 404 404 404 404 404", NO_SUCH_METHOD),
    "my_tickets": (OF_A_CONTACT, ONLY_READ),
    "my_print": (OF_THE_TICKET, ONLY_READ),
    "ask": (OF_A_CONTACT, "login 422 422 422 422 302 302"),
    "ask_terms": (OF_A_CONTACT, ONLY_READ),
    "save_draft": (ONLY_READ, OF_A_CONTACT),
    "draft_add_files": (ONLY_READ, OF_A_CONTACT),
    "draft_drop_file": (ONLY_READ, "login 302 302 302 302 302 302"),
    "draft_file": ("login 200 404 404 404 302 302 404 404", ONLY_READ),
    "drop_draft": (ONLY_READ, OF_THE_WRITER),
    "bring_back_draft": (ONLY_READ, OF_THE_WRITER),
    "my_ticket": (OF_THE_TICKET, ONLY_READ),
    "asked": (OF_THE_TICKET, ONLY_READ),
    "my_conversation": (OF_THE_TICKET, ONLY_READ),
    "my_reply": (ONLY_READ, WRITES_ON_THE_TICKET),
    "my_end": (ONLY_READ, WRITES_ON_THE_TICKET),
    "my_call_moment": (ONLY_READ, WRITES_ON_THE_TICKET),
    "my_calm": (ONLY_READ, WRITES_ON_THE_TICKET),
    "my_attachment": (OF_THE_TICKET, ONLY_READ),
    "set_language": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    # The workspace
    "queue": (OF_AN_AGENT, OF_AN_AGENT),
    "find": (OF_AN_AGENT, OF_AN_AGENT),
    "customer": (OF_AN_AGENT, OF_AN_AGENT),
    "customer_credit": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "person_new": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "person_place": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "number_code": (ONLY_WRITTEN_BY_AN_AGENT, "login 404 404 404 404 200 200"),
    "number_label": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "number_take_off": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "number_register": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "range_register": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "range_take_off": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_time": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_stopwatch": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "time_entry": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "time_remove": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "time_bring_back": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_plan_call": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "call_backs": (OF_AN_AGENT, ONLY_WRITTEN_BY_AN_AGENT),
    "call_back": (OF_AN_AGENT, ONLY_WRITTEN_BY_AN_AGENT),
    "call_tried": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "call_move": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "call_hand_over": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "call_cancel": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "call_restore": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "numbers": (OF_AN_AGENT, ONLY_WRITTEN_BY_AN_AGENT),
    "number_confirm": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "number_refuse": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "calls": (OF_AN_AGENT, ONLY_WRITTEN_BY_AN_AGENT),
    "call": (OF_AN_AGENT, ONLY_WRITTEN_BY_AN_AGENT),
    "call_link": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "call_done": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "call_leave": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "missed": (OF_AN_AGENT, ONLY_WRITTEN_BY_AN_AGENT),
    "missed_claim": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "missed_let_go": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "missed_done": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "missed_undo": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "telephone": (OF_AN_AGENT, ONLY_WRITTEN_BY_AN_AGENT),
    "telephones": (OF_AN_AGENT, ONLY_WRITTEN_BY_AN_AGENT),
    "takes_calls": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "dial": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "wallboard": (OF_AN_AGENT, ONLY_WRITTEN_BY_AN_AGENT),
    "new_ticket": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "new_ticket_terms": (OF_AN_AGENT, OF_AN_AGENT),
    "ticket": (OF_AN_AGENT, OF_AN_AGENT),
    "ticket_changes": (OF_AN_AGENT, OF_AN_AGENT),
    "ticket_reply": (WRITES_AS_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_note": (WRITES_AS_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_move": (WRITES_AS_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_assign": (WRITES_AS_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_take_back": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_throw_away": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_resend": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_drop_copy": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "address_works": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_print": (OF_AN_AGENT, NO_SUCH_METHOD_FOR_AGENTS),
    "ticket_put_right": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_paid": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "ticket_articles": (OF_AN_AGENT, OF_AN_AGENT),
    "ticket_answer_with": (OF_AN_AGENT, OF_AN_AGENT),
    "articles": (OF_AN_AGENT, OF_AN_AGENT),
    "article_new": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "article_edit": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "article_preview": (NO_SUCH_METHOD, OF_AN_AGENT),
    "article_publish": (NO_SUCH_METHOD, WRITES_AS_AN_AGENT),
    "article_unpublish": (NO_SUCH_METHOD, WRITES_AS_AN_AGENT),
    "article_versions": (OF_AN_AGENT, OF_AN_AGENT),
    "article_restore": (NO_SUCH_METHOD, WRITES_AS_AN_AGENT),
    "article_sections": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "article_section": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "article_section_gone": (NO_SUCH_METHOD, WRITES_AS_AN_AGENT),
    "letter": (OF_AN_AGENT, OF_AN_AGENT),
    "desk_attachment": (OF_AN_AGENT, OF_AN_AGENT),
    "newcomers": (OF_AN_AGENT, NO_SUCH_METHOD_FOR_AGENTS),
    "newcomer": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "claim": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "mail_folder": (OF_AN_ADMINISTRATOR, OF_AN_ADMINISTRATOR),
    "mail_raw": (OF_AN_ADMINISTRATOR, OF_AN_ADMINISTRATOR),
    "mail_shown": (OF_AN_ADMINISTRATOR, OF_AN_ADMINISTRATOR),
    "mail_retry": (NO_SUCH_METHOD, "login 404 404 404 404 404 302"),
    "mail_drop": (NO_SUCH_METHOD, "login 404 404 404 404 404 302"),
    "mail_undrop": (NO_SUCH_METHOD, "login 404 404 404 404 404 302"),
    "mail_aside": (OF_AN_AGENT, NO_SUCH_METHOD_FOR_AGENTS),
    "mail_decide": (OF_AN_AGENT, WRITES_AS_AN_AGENT),
    "mail_take_back": (ONLY_WRITTEN_BY_AN_AGENT, WRITES_AS_AN_AGENT),
    "mail_trace": (OF_AN_ADMINISTRATOR, "login 404 404 404 404 404 405"),
    "mail_files": (OF_AN_ADMINISTRATOR, "login 404 404 404 404 404 302"),
    "mail_file": (OF_AN_ADMINISTRATOR, ONLY_ADMINISTRATORS_LOOK),
    # The login and what belongs to one's own account
    "account_login": (ONLY_WITHOUT_LOGIN, ONLY_WITHOUT_LOGIN),
    "account_logout": ("302 200 200 200 200 200 200", "302 302 302 302 302 302 302"),
    "account_inactive": (ANYBODY, NO_SUCH_METHOD),
    "account_signup": (ONLY_WITHOUT_LOGIN, ONLY_WITHOUT_LOGIN),
    "account_reauthenticate": (OF_A_LOGIN, OF_A_LOGIN),
    "account_email": (OF_A_LOGIN, AFTER_THE_LOGIN_ONLY_TO_READ),
    "account_email_verification_sent": (ONLY_WITH_LOGIN, ONLY_WITH_LOGIN),  # only while a code waits
    "account_change_password": (OF_A_LOGIN, OF_A_LOGIN),
    "account_set_password": (ONLY_WITH_LOGIN, ONLY_WITH_LOGIN),
    "account_reset_password": (ANYBODY, ANYBODY),
    "account_confirm_login_code": (ONLY_WITH_LOGIN, ONLY_WITH_LOGIN),
    "account_reset_password_from_key_done": (ANYBODY, NO_SUCH_METHOD),
    "account_reset_password_from_key": (ANYBODY, ANYBODY),
    "account_reset_password_done": (ANYBODY, NO_SUCH_METHOD),
    "account_request_login_code": (ONLY_WITHOUT_LOGIN, ONLY_WITHOUT_LOGIN),
    "mfa_index": (OF_A_LOGIN, AFTER_THE_LOGIN_ONLY_TO_READ),
    "mfa_authenticate": (ONLY_WITH_LOGIN, ONLY_WITH_LOGIN),
    "mfa_reauthenticate": (ONLY_WITH_LOGIN, ONLY_WITH_LOGIN),
    "mfa_activate_totp": (ONLY_WITH_LOGIN, ONLY_WITH_LOGIN),
    "mfa_deactivate_totp": (NO_SECOND_STEP_YET, NO_SECOND_STEP_YET),
    "mfa_view_recovery_codes": (NO_SECOND_STEP_YET, AFTER_THE_LOGIN_ONLY_TO_READ),
    "mfa_generate_recovery_codes": (ONLY_WITH_LOGIN, ONLY_WITH_LOGIN),
    "mfa_download_recovery_codes": (NO_SECOND_STEP_YET, NO_SECOND_STEP_YET),
    # The administration as a whole
    "admin:index": (OF_THE_ADMINISTRATION, OF_THE_ADMINISTRATION),
    "admin:login": ("login 403 403 403 403 403 login", "login 403 403 403 403 403 login"),
    "admin:logout": ("302 403 403 403 403 403 405", "302 403 403 403 403 403 200"),
    "admin:password_change": ("login 403 403 403 403 403 302", "login 403 403 403 403 403 302"),
    "admin:password_change_done": (OF_THE_ADMINISTRATION, "login 403 403 403 403 403 405"),
    "admin:autocomplete": ("login 403 403 403 403 403 403", "login 403 403 403 403 403 405"),
    "admin:jsi18n": (OF_THE_ADMINISTRATION, "login 403 403 403 403 403 405"),
    "admin:view_on_site": ("login 403 403 403 403 403 404", "login 403 403 403 403 403 404"),
    "admin:app_list": (OF_THE_ADMINISTRATION, OF_THE_ADMINISTRATION),
    # Our own screens in the administration
    "admin:hours": (OF_THE_ADMINISTRATION, ONLY_ADMINISTRATORS_READ),
    "admin:day": (OF_THE_ADMINISTRATION, OF_THE_ADMINISTRATION),
    "admin:test_moment": (OF_THE_ADMINISTRATION, ONLY_ADMINISTRATORS_READ),
    "admin:recount": (OF_THE_ADMINISTRATION, ONLY_ADMINISTRATORS_READ),
    "admin:mail_texts": (OF_THE_ADMINISTRATION, ONLY_ADMINISTRATORS_READ),
    "admin:phone_texts": (OF_THE_ADMINISTRATION, ONLY_ADMINISTRATORS_READ),
    "admin:phone_text": (OF_THE_ADMINISTRATION, "login 403 403 403 403 403 422"),
    "admin:phone_sound": (OF_THE_ADMINISTRATION, ONLY_ADMINISTRATORS_READ),
    "admin:mail_out": (OF_THE_ADMINISTRATION, "login 403 403 403 403 403 302"),
    "admin:signing_key": (ONLY_ADMINISTRATORS_READ, "login 403 403 403 403 403 302"),
    "admin:mail_text": (OF_THE_ADMINISTRATION, OF_THE_ADMINISTRATION),
    "admin:phone_exchange_renew": (ONLY_ADMINISTRATORS_READ, OF_THE_ADMINISTRATION),
    "admin:privacy": (OF_THE_ADMINISTRATION, ONLY_ADMINISTRATORS_READ),
    "admin:retention": (OF_THE_ADMINISTRATION, OF_THE_ADMINISTRATION),
    "admin:person": (OF_THE_ADMINISTRATION, ONLY_ADMINISTRATORS_READ),
    "admin:export_person": (ONLY_ADMINISTRATORS_READ, "login 403 403 403 403 403 302"),
    "admin:erase_person": (OF_THE_ADMINISTRATION, "login 403 403 403 403 403 302"),
    "admin:privacy_erasure": (OF_THE_ADMINISTRATION, ONLY_ADMINISTRATORS_READ),
    "admin:privacy_export": (OF_THE_ADMINISTRATION, ONLY_ADMINISTRATORS_READ),
    "admin:privacy_export_file": ("login 403 403 403 403 403 404", ONLY_ADMINISTRATORS_READ),
}

LOOK, CHANGE, ADD, DELETE = "look", "change", "add", "delete"
ADMINISTRATION: dict[str, set[str]] = {
    "accounts_agent": {LOOK, CHANGE, ADD},
    "accounts_team": {LOOK, CHANGE, ADD, DELETE},
    "accounts_user": {LOOK, CHANGE, ADD},
    "audit_entry": {LOOK},
    "backups_backupvideo": {LOOK, CHANGE, DELETE},  # there is one
    "contracts_contracttype": {LOOK, CHANGE, ADD, DELETE},
    "contracts_kindprice": {LOOK, CHANGE, ADD, DELETE},
    "contracts_pricebasis": {LOOK, CHANGE, ADD, DELETE},
    "contracts_product": {LOOK, CHANGE, ADD, DELETE},
    "contracts_supportplan": {LOOK, CHANGE, ADD},
    "customers_contact": {LOOK, CHANGE, ADD},
    "customers_customer": {LOOK, CHANGE, ADD, DELETE},
    "desk_desk": {LOOK, CHANGE},
    "desk_line": {LOOK, CHANGE, ADD},  # one in which deadlines are counted cannot be deleted
    "files_file": {LOOK},
    "mail_deskaddress": {LOOK, ADD, CHANGE, DELETE},
    "mail_inboundmail": {LOOK},
    "mail_knownkey": {LOOK, ADD, CHANGE, DELETE},
    "mail_mailbox": {LOOK, ADD, CHANGE, DELETE},
    "mail_mailsettings": {LOOK, CHANGE, DELETE},  # there is one
    "mail_outboundmail": {LOOK},
    "phone_call": {LOOK},
    "phone_callednumber": {LOOK, CHANGE, ADD, DELETE},
    "phone_exchange": {LOOK, CHANGE, ADD},  # one that told of calls is switched off, not deleted
    "phone_extension": {LOOK, CHANGE, ADD, DELETE},
    "tickets_category": {LOOK, CHANGE, ADD, DELETE},
    "tickets_ticket": {LOOK, CHANGE},
}
"""What the administrator may do with the rows of each table; nobody else comes in."""


@dataclass(frozen=True)
class Scene:
    """A ticket of Carla's with everything on it, and somebody of each role."""

    people: dict[str, User | Contact | None]
    places: dict[str, tuple[Any, ...]]
    queries: dict[str, str]
    bodies: dict[str, dict[str, Any]]

    def place_of(self, name: str) -> tuple[Any, ...]:
        """What stands in the address of this name; of a row in the administration, the first of its table."""
        table = of_the_tables().get(name)
        if table is None or name.endswith(("_changelist", "_add")):
            return self.places.get(name, ())
        row = apps.get_model(*table.split("_", 1)).objects.order_by("pk").first()
        assert row is not None, table
        return (row.pk,)


SUBJECT, TEXT, NOTE = "Bonprinter-van-Carla", "Tekst-van-Carla", "Notitie-over-Carla"
PGP_KEY = Path(__file__).parents[1] / "mail" / "corpus" / "keys" / "carla.asc"
FILE, CONTENT = "bestand-van-carla.txt", "inhoud-van-carla"
NUMBER = "Nummer-van-Carla"
DRAFT = "Concept-van-Carla"
CUSTOMER, ADDRESS = "Bakkerij De Korenbloem", "carla@shop.example"
INVITED, CLAIMANT = "Wim-die-genodigd-is", "Iemand-die-Carla-wil-zijn"
UNPUBLISHED = "Concept-van-de-desk"
HERS_AND_OURS = (
    UNPUBLISHED,
    NUMBER,
    SUBJECT,
    TEXT,
    NOTE,
    DRAFT,
    FILE,
    CONTENT,
    CUSTOMER,
    ADDRESS,
    INVITED,
    CLAIMANT,
)
SENT_FROM = uuid4()
ONLY_THE_ADMINISTRATOR_POSTS = (
    "admin:accounts_user_invite",
    "admin:accounts_user_second_step",
    "admin:mail_mailbox_test",
)


@pytest.fixture
def scene(infobits: Desk, sla8: Customer, carla: Contact, dario: Contact, anna: User, willem: User) -> Scene:
    here, there = (Site.objects.create(customer=sla8, name=name) for name in ("Haven", "Station"))
    Contact.objects.filter(pk=carla.pk).update(site=here)
    carla.refresh_from_db()
    otto = contact("Otto", sla8, reach=Reach.OWN, site=here)
    sanne = contact("Sanne", sla8, reach=Reach.SITE, site=there)
    marga = contact("Marga", sla8, may_see_money=True, may_order=True, may_manage=True)
    udo = contact("Udo", None)
    newcomer = newcomer_of(udo)
    claim = claim_of(carla)
    invited = Invitation.objects.create(
        customer=sla8, name=INVITED, email="wim@x.example", invited_by=marga, invited_at=timezone.now()
    )
    upload = Upload(FILE, "text/plain", CONTENT.encode())
    Extension.objects.create(number="201", user=anna)
    ticket = actions.take_in(
        carla,
        Wish(Channel.PORTAL),
        subject=SUBJECT,
        writing=Writing(text=TEXT, html=f"<b>{TEXT}</b>", uploads=(upload,)),
        situation=at(infobits, timezone.now()),
    )
    unpaid = unpaid_ticket_of(carla, anna, infobits)
    draft = draft_of(carla)
    message = ticket.messages.get()
    actions.note(ticket, writing=Writing(text=NOTE), by=anna, situation=at(infobits, timezone.now()))
    mail = quarantined_mail()
    held = HeldAnswer.objects.create(
        ticket=ticket, agent=anna, text=NOTE, move="answer", submission=uuid4(), sent_at=timezone.now()
    )
    Copy.objects.create(ticket=ticket, message=message, email="copy@x.example")
    bounces.mark("copy@x.example", meaning_of("550 5.1.1"), "550 5.1.1", now=timezone.now())
    undelivered = OutboundMail.objects.filter(ticket=ticket).latest("pk")
    MailSettings.objects.create(pk=1)
    DeskAddress.objects.create(address="kassa@infobits.example")
    KnownKey.objects.create(contact=carla, material=PGP_KEY.read_text())
    KindPrice.objects.create(kind="research", price="actual_time")
    export = ask_export(Person.of_contact(carla), by=willem, now=timezone.now())
    leaving = Person.of_contact(udo)
    erasure = ask_erasure(leaving, typed=udo.email, with_files=True, by=willem, now=timezone.now())
    order = order_recount(because="x", by=willem, now=timezone.now())
    assert OutboundMail.objects.filter(ticket=ticket).exists()
    attachment = message.attachments.get()
    number, keys = (ticket.number,), (ticket.number, message.pk)
    BackupVideo.objects.create(pk=1, link="https://video.example/back-up")
    video_token = token_of(VideoRequest.objects.create(contact=carla, requested_at=timezone.now()))
    handed_in = phone_numbers.hand_in(carla, "020 229 29 29", label=NUMBER, country="NL", now=timezone.now())
    phoned, missed_caller = calls_of(ticket, sla8)
    CalledNumber.objects.create(number="0850000000", line=Line.objects.get(key="helpdesk"))
    kept_code = number_codes.make_code(handed_in.pk, by=anna, now=timezone.now())[1]
    numbers = phone_ranges.register_range(
        sla8, "020 229 30 00", "020 229 30 99", label=NUMBER, by=anna, country="NL", now=timezone.now()
    )
    planned, cancelled = calls_about(ticket, anna, infobits)
    worked = actions.log_time(
        ticket,
        person=anna,
        started_at=timezone.now() - timedelta(minutes=9),
        ended_at=timezone.now(),
        note=NOTE,
        is_visible=False,
        now=timezone.now(),
    )
    free = actions.offer(ticket, at(infobits, timezone.now()), owner=anna, but=planned, most=6).moments[5]
    moment = f"{int(free[0].timestamp())}-{int(free[1].timestamp())}"
    shelf = Shelf(anna, timezone.now())
    help_page = shelf.published("Bonprinter")
    newer = ArticleDraft("Bonprinter", f"{UNPUBLISHED} ![](picture:bon.png)")
    versions.save(help_page, newer, seen=1, by=anna, now=timezone.now())
    shelf.picture(help_page)
    empty_shelf = shelf.section("Leeg")
    section = {"name_nl": "x", "name_en": "x", "position": "0"}
    article = {"title": "x", "section": "kassa", "audience": "everybody", "language": "nl", "seen": "0"}
    answer = {
        "reply-text": "x",
        "reply-seen": message.pk,
        "reply-submission": SENT_FROM,
        "reply-move": "answer",
    }
    return Scene(
        people={
            "Eve": None,
            "Carla": carla,
            "Otto": otto,
            "Sanne": sanne,
            "Dario": dario,
            "Anna": anna,
            "Willem": willem,
            "Marga": marga,
            "Udo": udo,
        },
        places={
            "invitation": ("no-such-token",),
            "my_attachment": (ticket.number, attachment.pk),
            "draft_file": (draft.files.get().pk,),
            "drop_draft": (draft.key,),
            "bring_back_draft": (draft.key,),
            "customer": (sla8.pk,),
            "customer_credit": (sla8.pk,),
            "person_new": (sla8.pk,),
            "person_place": (udo.pk,),
            "backup_video": (video_token,),
            "backup_video_file": (video_token,),
            **dict.fromkeys(("call", "call_link", "call_done", "call_leave"), (phoned.pk,)),
            **dict.fromkeys(
                ("missed_claim", "missed_let_go", "missed_done", "missed_undo"), (missed_caller.pk,)
            ),
            **dict.fromkeys(
                (
                    "my_number_remove",
                    "my_number_code",
                    "number_confirm",
                    "number_refuse",
                    "number_code",
                    "number_label",
                    "number_take_off",
                ),
                (handed_in.pk,),
            ),
            **dict.fromkeys(("number_register", "range_register"), (sla8.pk,)),
            "range_take_off": (numbers.pk,),
            **dict.fromkeys(("time_entry", "time_remove", "time_bring_back"), (worked.pk,)),
            **dict.fromkeys(
                ("call_back", "call_tried", "call_move", "call_hand_over", "call_cancel"), (planned.pk,)
            ),
            "call_restore": (cancelled.pk,),
            "my_call_moment": (ticket.number, planned.pk),
            "new_ticket_terms": (carla.pk,),
            "letter": keys,
            **dict.fromkeys(("ticket_take_back", "ticket_throw_away"), (ticket.number, held.pk)),
            "ticket_resend": (ticket.number, undelivered.pk),
            "ticket_drop_copy": number,
            "admin:signing_key": (signing.make_key("x.example", by=willem, now=timezone.now()).pk,),
            "ticket_paid": (unpaid.number,),
            "desk_attachment": (attachment.pk,),
            "mail_raw": (mail.pk,),
            "mail_decide": (waiting_mail().pk,),
            "mail_take_back": (waiting_mail(refused_by=anna).pk,),
            "mail_shown": ("in", mail.pk),
            "mail_retry": ("in", mail.pk),
            "mail_drop": (mail.pk,),
            "mail_undrop": (dropped_mail().pk,),
            "mail_file": (mail_file(of=mail).pk,),
            **dict.fromkeys(ONLY_THE_ADMINISTRATOR_POSTS, (dario.user_id,)),
            "admin:mail_mailbox_test": (mailbox().pk,),
            "admin:phone_exchange_renew": (phoned.exchange_id,),
            "admin:view_on_site": (1, 1),
            "admin:app_list": ("desk",),
            "admin:day": ("helpdesk", "2026-11-23"),
            "admin:recount": (order.pk,),
            "admin:mail_text": ("reply", "en"),
            "admin:phone_text": ("closed", "nl"),
            "admin:phone_sound": ("closed", "nl"),
            **dict.fromkeys(
                ("admin:person", "admin:export_person", "admin:erase_person"), ("contact", carla.pk)
            ),
            **dict.fromkeys(("admin:privacy_export", "admin:privacy_export_file"), (export.pk,)),
            "admin:privacy_erasure": (erasure.pk,),
            **dict.fromkeys(("join", "verify_claim", "stop_claim"), ("no-such-token",)),
            **dict.fromkeys(("colleague", "colleague_door"), (otto.pk,)),
            "help_section": ("kassa",),
            "article_by_key": (help_page.article_id,),
            **dict.fromkeys(("article", "article_vote"), (help_page.article_id, "bonprinter")),
            "article_media": (help_page.article_id, "bon.png"),
            "ticket_articles": number,
            "ticket_answer_with": (ticket.number, help_page.article_id),
            **dict.fromkeys(
                (
                    "article_edit",
                    "article_publish",
                    "article_unpublish",
                    "article_versions",
                    "article_restore",
                ),
                (help_page.article_id, "nl"),
            ),
            **dict.fromkeys(("article_section", "article_section_gone"), (empty_shelf.slug,)),
            "withdraw_invitation": (invited.pk,),
            "newcomer": (newcomer.pk,),
            "claim": (claim.pk,),
            "account_reset_password_from_key": ("1", "no-such-key"),
            **dict.fromkeys(
                (
                    "my_ticket",
                    "my_print",
                    "asked",
                    "my_conversation",
                    "my_reply",
                    "my_end",
                    "my_calm",
                    "ticket",
                    "ticket_changes",
                    "ticket_reply",
                    "ticket_note",
                    "ticket_move",
                    "ticket_assign",
                    "ticket_print",
                    "ticket_put_right",
                    "ticket_time",
                    "ticket_stopwatch",
                    "ticket_plan_call",
                ),
                number,
            ),
        },
        queries={"find": "?q=Bonprinter", "new_ticket": f"?contact={carla.pk}", "ask": "?topic=other"},
        bodies={
            "mail_decide": {"do": "refuse"},
            "article_vote": {"useful": "yes"},
            "article_new": article,
            "article_edit": article | {"seen": "2"},
            "article_preview": {"text": "x"},
            "article_publish": {"version": "1"},
            "article_restore": {"version": "1"},
            "article_sections": section,
            "article_section": section,
            "forgot_login": {
                "name": "x",
                "company": "x",
                "new_email": "x@x.example",
                "old_email": ADDRESS,
                "phone": "0612345678",
            },
            "people": {"name": "x", "email": "x@x.example", "language": "nl", "reach": "own"},
            "colleague": {"reach": "own", "may_see_money": "on"},
            "colleague_door": {"close": "1"},
            "newcomer": {"place": "1", "customer": sla8.pk, "reach": "own"},
            "claim": {"refuse": "1", "why": "x"},
            "my_reply": {"text": "x"},
            "ticket_drop_copy": {"email": "copy@x.example"},
            "address_works": {"email": "copy@x.example"},
            "admin:mail_out": {"_make": "1"},
            "admin:signing_key": {"_sign": "1"},
            "my_end": {"move": "withdraw"},
            "new_ticket": {
                "subject": "x",
                "text": "x",
                "submission": SENT_FROM,
                "channel": "phone",
                "answer_mode": "site",
                "billing_mode": "none",
            },
            "my_number_hand_in": {"number": "06 12 34 56 78"},
            "number_refuse": {"because": "x"},
            "call_link": {"ticket": ticket.number},
            "call_done": {
                f"call-{phoned.pk}-minutes": "1",
                f"call-{phoned.pk}-submission": SENT_FROM,
            },
            "takes_calls": {"takes": "no"},
            "dial": {"number": "020 229 29 29"},
            "my_number_code": {"code": kept_code},
            "number_register": {"number": "06 12 34 56 79"},
            "range_register": {"first": "020 229 40 00", "last": "020 229 40 99"},
            **{
                name: {"minutes": 1, "kind": "work", "submission": SENT_FROM}
                for name in ("ticket_time", "time_entry")
            },
            "ticket_stopwatch": {"what": "start"},
            "ticket_plan_call": {"moment": moment, "phone": "06 12 34 56 78", "submission": SENT_FROM},
            "call_tried": {"outcome": "busy", "submission": SENT_FROM},
            "call_move": {"moment": moment},
            "my_call_moment": {"moment": moment.partition("-")[0]},
            "person_new": {"name": "x", "email": "x@x.example", "language": "nl"},
            "person_place": {"customer": sla8.pk},
            "customer_credit": {
                "minutes_booked": 60,
                "direction": "in",
                "because": "x",
                "submission": SENT_FROM,
            },
            "admin:erase_person": {"typed": carla.email},
            "ticket_put_right": {"topic": "other", "urgency": "raise"},
            "ticket_paid": {"minutes_booked": 60, "because": "x", "submission": SENT_FROM},
            "ticket_reply": answer,
            "ticket_note": {"note-text": "x", "note-submission": SENT_FROM},
            "ticket_move": {"move": "solve", "seen": message.pk},
            "ticket_assign": {"to": anna.pk},
            "set_language": {"language": "en"},
        },
    )


def unpaid_ticket_of(carla: Contact, anna: User, desk: Desk) -> Ticket:
    """A question that waits for its payment."""
    situation = at(desk, timezone.now())
    ticket = actions.take_in(
        carla, Wish(Channel.PORTAL), subject=SUBJECT, writing=Writing(text=TEXT), situation=situation
    )
    return actions.move(ticket, Move.ASK_PAYMENT, actor=Actor.AGENT, by=anna, situation=situation)


def calls_of(ticket: Ticket, customer: Customer) -> tuple[Call, MissedCaller]:
    """A call about the ticket, and a number that phoned in vain."""
    now = timezone.now()
    exchange, _token = make_exchange("pbx", by=None, now=now)
    call = Call.objects.create(
        exchange=exchange,
        name="call-1",
        caller="+31202292929",
        caller_text=TEXT,
        ticket=ticket,
        state="ended",
        began_at=now - timedelta(minutes=2),
        answered_at=now - timedelta(minutes=1),
        ended_at=now,
    )
    call.customers.add(customer)
    caller = MissedCaller.objects.create(
        caller="+31202292929", first_at=now, last_at=now, last_call=call, is_owed=True
    )
    return call, caller


def calls_about(ticket: Ticket, anna: User, desk: Desk) -> tuple[CallBack, CallBack]:
    """A call that is planned, and one that was cancelled."""
    situation = at(desk, timezone.now())
    calls = [
        actions.plan_call_back(
            ticket,
            span=actions.offer(ticket, situation, owner=anna).moments[0],
            owner=anna,
            by=anna,
            situation=situation,
            phone="+31612345678",
        )
        for _time in range(2)
    ]
    return calls[0], actions.cancel_call_back(calls[1].pk, by=anna, now=timezone.now())


def draft_of(carla: Contact) -> Draft:
    """A question that Carla is still writing, with a file."""
    form = OpenForm(uuid4(), uuid4())
    upload = Upload("concept.txt", "text/plain", DRAFT.encode())
    actions.save_draft(carla, form, fields={"text": DRAFT}, ticket=None, now=timezone.now())
    return actions.attach(carla, form, upload, ticket=None, now=timezone.now())


def newcomer_of(person: Contact) -> Registration:
    """An account to place: Udo's, for which the desk finds Carla's customer."""
    now = timezone.now()
    return Registration.objects.create(
        user=person.user,
        company="Korenbloem",
        state=Standing.WAITING,
        made_at=now,
        verified_at=now,
    )


def claim_of(person: Contact) -> AddressClaim:
    """Carla's login, claimed with a new address that was verified."""
    now = timezone.now()
    return AddressClaim.objects.create(
        state=State.VERIFIED,
        name=CLAIMANT,
        company=CUSTOMER,
        new_email="carla@new.example",
        phone="+31612345678",
        contact=person,
        requested_at=now,
        verified_at=now,
    )


def mailbox() -> Mailbox:
    """One that nobody answers for: a test says so."""
    return Mailbox.objects.create(name="Postbus", host="127.0.0.1", port=1, user="balie")


def dropped_mail() -> InboundMail:
    key = intake.store(b"Subject: y\r\n\r\ny", now=timezone.now()).key
    InboundMail.objects.filter(pk=key).update(state="dropped")
    return InboundMail.objects.get(pk=key)


def mail_file(*, of: InboundMail) -> MailFile:
    file = MailFile.objects.create(name="oud.mbox", size=9, read_bytes=9, kept=1, handed_in_at=timezone.now())
    InboundMail.objects.filter(pk=of.pk).update(file=file)
    return file


def quarantined_mail() -> InboundMail:
    key = intake.store(b"Subject: x\r\n\r\nx", now=timezone.now()).key
    InboundMail.objects.filter(pk=key).update(state="quarantined")
    return InboundMail.objects.get(pk=key)


def waiting_mail(*, refused_by: User | None = None) -> InboundMail:
    """A mail about which an agent decides, or decided."""
    now = timezone.now()
    raw = f"From: {ADDRESS}\r\nSubject: {SUBJECT}\r\n\r\n{TEXT} {refused_by}"
    key = intake.store(raw.encode(), now=now).key
    InboundMail.objects.filter(pk=key).update(
        state="waiting", outcome="stranger", subject=SUBJECT, sender=ADDRESS
    )
    mail = InboundMail.objects.get(pk=key)
    if refused_by is not None:
        releasing.refuse(mail, by=refused_by, now=now)
    return mail


def names_below(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The names of all addresses, `admin:index` for one in a name space; those without a name are left out."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from names_below(each, f"{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern) and each.name:
            yield f"{space}{each.name}"


def unnamed_below(resolver: URLResolver) -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from unnamed_below(each)
        elif not each.name:
            yield str(each.pattern)


def of_the_tables() -> dict[str, str]:
    """`admin:desk_line_add` -> its table, of the pages that each table of the administration has."""
    kinds = ("changelist", "add", "history", "delete", "change")
    return {f"admin:{table}_{kind}": table for table in ADMINISTRATION for kind in kinds}


def test_every_address_has_a_row() -> None:
    known = {*PAGES, *of_the_tables(), *ONLY_THE_ADMINISTRATOR_POSTS}
    assert set(names_below(get_resolver())) == known
    assert {len(line.split()) for rows in PAGES.values() for line in rows} <= {7, len(ROLES)}
    assert set(unnamed_below(get_resolver())) == {"<path:object_id>/", "(?P<url>.*)$"}  # both only lead on


class Door:
    """Asks for addresses as one person; each time, afterwards all is as it was."""

    def __init__(self, scene: Scene, role: str) -> None:
        self.scene = scene
        self.cookies = browser_of(scene.people[role]).cookies

    def ask(self, name: str, method: str) -> tuple[str, str, bool]:
        """The status, the whole answer with its headers, and whether a POST changed anything."""
        browser = Client(headers={"Accept-Language": "en"})
        browser.cookies = self.cookies.copy()
        address = reverse(name, args=self.scene.place_of(name)) + self.scene.queries.get(name, "")
        is_changed = False
        with transaction.atomic():
            if method == "GET":
                answer = browser.get(address)
            else:
                before = what_is_stored()
                answer = browser.post(address, self.scene.bodies.get(name, {}))
                is_changed = what_is_stored() != before
            transaction.set_rollback(True)
        whole = f"{answer.headers} {answer.content.decode(errors='replace')}"
        return status_of(answer), whole, is_changed


def status_of(answer: Any) -> str:
    logins = (reverse("account_login"), reverse("admin:login"))
    return LOGIN if answer.status_code == 302 and answer.url.startswith(logins) else str(answer.status_code)


def what_is_stored() -> tuple[Any, ...]:
    """What somebody without the right to it must not be able to change."""
    tables = (
        CreditBooking,
        PhoneNumber,
        Call,
        MissedCaller,
        PhoneRange,
        CallBack,
        CallAttempt,
        TimeEntry,
        Stopwatch,
        VideoRequest,
        Message,
        TicketEvent,
        Entry,
        Contact,
        User,
        Customer,
        Invitation,
    )
    waiting = (*AddressClaim.objects.values_list("state"), *Registration.objects.values_list("state"))
    tickets = Ticket.objects.order_by("pk").values_list("state", "assigned_to_id", "subject")
    mails = InboundMail.objects.order_by("pk").values_list("state", flat=True)
    drafts = Draft.objects.order_by("pk").values_list("dropped_at", "revision", "files__name")
    shelves = (*Version.objects.values_list("pk"), *Publication.objects.values_list("version"))
    return (
        *waiting,
        *drafts,
        *shelves,
        Section.objects.count(),
        *(table.objects.count() for table in tables),
        *tickets,
        *mails,
    )


REFUSED = {LOGIN, "403", "404", "405"}


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_is_meant_for_them_and_changes_nothing_else(scene: Scene, role: str) -> None:
    door = Door(scene, role)
    expected, found = {}, {}
    for name, rows in PAGES.items():
        for method, row in zip(("GET", "POST"), rows, strict=True):
            expected[method, name] = expected_for(role, row)
            found[method, name], whole, is_changed = door.ask(name, method)
            assert not (is_changed and found[method, name] in REFUSED), (method, name)
            assert not_for(role).isdisjoint(part for part in HERS_AND_OURS if part in whole), (method, name)
    wrong = differences(found, expected)
    assert not wrong, "\n".join(wrong)


def differences(found: dict[Any, str], expected: dict[Any, str]) -> list[str]:
    """One line for each answer that is not as the table says."""
    return [
        f"{key}: {found[key]} instead of {status}" for key, status in expected.items() if found[key] != status
    ]


def not_for(role: str) -> set[str]:
    """What must never be in an answer to somebody of this role."""
    match role:
        case "Anna" | "Willem":
            return {DRAFT}
        case "Carla":
            return {NOTE, INVITED, CLAIMANT, UNPUBLISHED}
        case "Marga":
            return {NOTE, DRAFT, CLAIMANT, UNPUBLISHED}
        case "Otto" | "Sanne":
            return {NOTE, SUBJECT, TEXT, FILE, CONTENT, DRAFT, INVITED, CLAIMANT, UNPUBLISHED}
        case _:
            return set(HERS_AND_OURS)


@pytest.mark.parametrize("role", ["Eve", "Dario", "Anna", "Willem"])
def test_the_administration_is_the_administrators_table_by_table(scene: Scene, role: str) -> None:
    door = Door(scene, role)
    expected, found = {}, {}
    for name, table in of_the_tables().items():
        for method in ("GET", "POST"):
            expected[method, name] = expected_in_the_administration(
                role, table, name.rpartition("_")[2], method
            )
            found[method, name], whole, _is_changed = door.ask(name, method)
            if role in ("Eve", "Dario"):
                assert not any(part in whole for part in HERS_AND_OURS), (method, name)
    wrong = differences(found, expected)
    assert not wrong, "\n".join(wrong)


def expected_in_the_administration(role: str, table: str, kind: str, method: str) -> str:
    """Eve is led to the login, others are refused; the administrator gets what `ADMINISTRATION` says."""
    if role != "Willem":
        return LOGIN if role == "Eve" else "403"
    rights = ADMINISTRATION[table]
    match table, kind, method:
        case ("desk_desk", "changelist", _):
            return "302"  # there is one desk
        case ("files_file", "history", _):
            return "200"
        case (_, "history", _):
            return "302"  # to the record
        case ("tickets_ticket", "change", "POST"):
            return "302"  # a form that changes nothing can be sent
        case (_, "change", "POST"):
            return "200" if CHANGE in rights else "403"
    needed = {"changelist": LOOK, "change": LOOK, "add": ADD, "delete": DELETE}[kind]
    return "200" if needed in rights else "403"


@pytest.mark.parametrize("name", ONLY_THE_ADMINISTRATOR_POSTS)
def test_only_the_administrator_invites_and_takes_second_steps_off(scene: Scene, name: str) -> None:
    statuses = [Door(scene, role).ask(name, "POST")[0] for role in ROLES]
    assert statuses == [LOGIN, "403", "403", "403", "403", "403", "302", "403", "403"]
