"""`balie init`: an empty desk from a preset, with one administrator who gets a link to choose a password."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from balie.config import command_line, data_folder

if TYPE_CHECKING:
    from balie.accounts.models import User


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "init",
        help="make an empty desk with one administrator",
        description="Make an empty desk from a preset, and print the link with which its first administrator chooses a "
        "password. The link works once, for a week; a desk that exists keeps everything and gives a new link.",
    )
    parser.add_argument(
        "--preset", required=True, help="a preset that comes with Balie, or the path of a .toml file"
    )
    parser.add_argument(
        "--admin", required=True, metavar="MAIL", help="the mail address of the first administrator"
    )
    parser.add_argument(
        "--demo", action="store_true", help="a demo desk, which “balie demo” or “balie serve --demo” fills"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from balie.presets import reading

    refuse_bad_address(arguments.admin)
    preset = reading.load(arguments.preset)
    folder = data_folder.data_folder(arguments.preset)
    data_folder.claim_for_preset(folder, data_folder.preset_name(arguments.preset))
    with command_line.django(arguments):
        from balie.config.desk_setup import make_desk
        from balie.config.prepare import migrate
        from balie.desk.models import Desk

        migrate()
        desk = Desk.objects.first() or make_desk(preset, is_demo=arguments.demo)
        link = invitation(arguments.admin)
    if arguments.json:
        command_line.show_json({"desk": desk.name, "data": str(folder), "invitation": link})
    else:
        sys.stdout.write(
            f"The desk “{desk.name}” is ready in {folder}.\n{arguments.admin} chooses a password here, once: "
        )
        sys.stdout.write(
            f"{link}\nServe it with: balie serve --preset {data_folder.preset_name(arguments.preset)}\n"
        )
    return command_line.GOOD


def refuse_bad_address(mail_address: str) -> None:
    """Before anything is made."""
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(mail_address)
    except ValidationError:
        raise data_folder.DataFolderTrouble(f"“{mail_address}” is no mail address.") from None


def invitation(mail_address: str) -> str:
    """The link for the administrator with this address, who is made when there is none yet; it is mailed, too."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from balie.accounts import actions
    from balie.accounts.invitation_mail import send_invitation
    from balie.desk.queries import the_desk

    with transaction.atomic():
        user = administrator(mail_address)
        link = actions.invite(user, base_url=settings.BALIE_URL, now=timezone.now())
        send_invitation(user, link, desk=the_desk())
    return link


def administrator(mail_address: str) -> User:
    from balie.accounts.models import Agent, Role, User

    user = User.objects.filter(email__iexact=mail_address).first() or User.objects.create_user(mail_address)
    Agent.objects.update_or_create(user=user, defaults={"role": Role.ADMINISTRATOR, "is_active": True})
    return user
