"""What is said and done in a call: ask the desk, let the caller choose, play, and tell the dialplan what to do."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from balie.phone.agi.channel import KEYS, Channel
from balie.phone.agi.desk import (
    ANNOUNCE,
    FORWARD,
    MENU,
    REFUSE,
    Asked,
    Desk,
    DeskAway,
    DeskRefuses,
    Routed,
    Texts,
    TooManyCalls,
)
from balie.phone.agi.outbox import Outbox
from balie.phone.agi.protocol import NotUnderstood, Script, script
from balie.phone.sound import CannotSpeak
from balie.phone.sound_files import SoundFiles

log = logging.getLogger(__name__)

TRIES = 3
MOST_REPEATS = 9
THINKING_SECONDS = 6.0
TEXTS_SECONDS = 30.0
"""How old the texts may be that prompts are spoken from."""
AGAIN = "#"
FALLBACK = "fallback"
MAKE_TICKET = "make-ticket"
KINDS = frozenset({"ringing", "answered", "transferred", "voicemail", "missed", "ended"})

_EXTENSION = re.compile(r"(?:sip:)?([A-Za-z0-9_.+-]{1,80})(?:@[A-Za-z0-9_.:-]+)?")
_TECHNOLOGY = re.compile(r"[A-Za-z0-9]{1,20}")
_HIDDEN, _NUMBER_KNOWN = 0x20, 0x60


@dataclass
class Reception:
    """What all calls share. `texts`: what prompts say, by token, and when that was asked."""

    desk: Desk
    files: SoundFiles
    outbox: Outbox
    texts: dict[str, tuple[float, Texts]] = field(default_factory=dict)

    async def serve(self, channel: Channel) -> None:
        """One connection, from what is told of the call to its end. Raises `Gone` and `NotUnderstood`."""
        told = await channel.environment()
        wanted = script(told)
        match wanted.name:
            case "route":
                await Call(self, channel, told, wanted).route()
            case "event":
                self.keep_event(told, wanted)
            case other:
                await channel.set("BALIE_ACTION", FALLBACK)
                raise NotUnderstood(f"there is no script {other[:40]!r}; ask for “route” or “event”")

    def keep_event(self, told: Mapping[str, str], wanted: Script) -> None:
        """`AGI(agi://…/event?token=…,KIND,CALL,EXTENSION)`: kept at once, told when the desk is there."""
        kind, call = told.get("arg_1", ""), told.get("arg_2", "") or told.get("uniqueid", "")
        if kind not in KINDS or not call:
            raise NotUnderstood(f"{kind[:40]!r} is nothing that happens to a call")
        at = datetime.now(UTC).isoformat()
        event = {"call": call[:200], "kind": kind, "at": at, "extension": told.get("arg_3", "")[:80]}
        if caller := _known(told.get("callerid")):
            event["from"] = caller
        self.outbox.put(event, token=wanted.options.get("token", ""))

    async def texts_for(self, token: str) -> Texts:
        """What prompts say; the last that was heard when the desk does not answer."""
        asked_at, known = self.texts.get(token, (0.0, {}))
        if not known or time.monotonic() - asked_at > TEXTS_SECONDS:
            with contextlib.suppress(DeskAway, DeskRefuses, TooManyCalls):
                known = await self.desk.texts(token=token)
                self.texts = {token: (time.monotonic(), known), **_others(self.texts, token)}
        return known


def _others(texts: Mapping[str, tuple[float, Texts]], token: str) -> dict[str, tuple[float, Texts]]:
    """The texts of the other exchanges: some, so that tokens that are none do not fill the memory."""
    return dict([item for item in texts.items() if item[0] != token][:15])


@dataclass
class Call:
    """A call that wants to know where it goes."""

    shared: Reception
    channel: Channel
    told: Mapping[str, str]
    wanted: Script
    _is_taken: bool = False

    @property
    def token(self) -> str:
        return self.wanted.options.get("token", "")

    async def route(self) -> None:
        """Until the dialplan knows what to do."""
        asked = await self._about()
        routed = await self._ask(asked)
        if routed is not None and routed.action == MENU:
            routed = await self._through_menu(asked, routed)
        match routed:
            case None:
                await self.channel.set("BALIE_ACTION", FALLBACK)
            case Routed(action="forward"):
                await self._forward(routed)
            case Routed(action="announce"):
                await self.announce(routed.prompts, language=routed.language)
            case _:
                await self.channel.set("BALIE_ACTION", REFUSE)
                await self.channel.hang_up()

    async def _about(self) -> Asked:
        """What the exchange knows of the call, as the desk is asked it."""
        asked = {
            "call": self.told.get("uniqueid", "") or self.told.get("channel", ""),
            "from": _known(self.told.get("callerid")),
            "name": _known(self.told.get("calleridname")),
            "to": await self.channel.variable("BALIE_TO") or _known(self.told.get("dnid")),
            "line": await self.channel.variable("BALIE_LINE") or self.wanted.options.get("line", ""),
            "asserted": await self.channel.variable("BALIE_ASSERTED"),
            "privacy": await self.channel.variable("BALIE_PRIVACY") or _privacy(self.told),
        }
        return {name: value for name, value in asked.items() if value}

    async def _ask(self, asked: Asked) -> Routed | None:
        """Where the call goes; `None` when the desk does not say."""
        routing, _texts = await asyncio.gather(
            self.shared.desk.route(asked, token=self.token),
            self.shared.texts_for(self.token),
            return_exceptions=True,
        )
        match routing:
            case Routed():
                return routing
            case TooManyCalls():
                return Routed(REFUSE)
            case DeskAway() | DeskRefuses():
                log.warning("The call %s goes to the fallback: %s", asked.get("call"), routing)
                return None
        raise routing

    # -- The menu

    async def _through_menu(self, asked: Asked, menu: Routed) -> Routed | None:
        """What the desk says once the caller chose; who chooses nothing in three tries hears how to make a ticket."""
        await self.channel.set(
            "BALIE_ACTION", MENU
        )  # should we end now, the dialplan knows that nothing is decided
        prompts = await self._files(menu.prompts, language=menu.language)
        if not prompts:
            return None
        await self._take()
        tries = repeats = 0
        while tries < TRIES:
            key = await self._key(prompts)
            topic = (menu.choices or {}).get(key)
            if topic is not None:
                routed = await self._ask({**asked, "topic": topic})
                return None if routed is not None and routed.action == MENU else routed
            is_wish = key == AGAIN and repeats < MOST_REPEATS
            repeats, tries = repeats + is_wish, tries + (not is_wish)
        return Routed(ANNOUNCE, prompts=[MAKE_TICKET], language=menu.language)

    async def _key(self, prompts: Iterable[Path]) -> str:
        """The first key that is pressed, while the menu is played or soon after it."""
        for file in prompts:
            if key := await self.channel.play(file, keys=KEYS):
                return key
        return await self.channel.key(seconds=THINKING_SECONDS)

    # -- What is heard

    async def announce(self, prompts: Iterable[str], *, language: str) -> None:
        """Say it and hang up. The dialplan knows first, so that a call is not put through when we end meanwhile."""
        await self.channel.set("BALIE_ACTION", ANNOUNCE)
        await self._take()
        for file in await self._files(prompts, language=language):
            await self.channel.play(file)
        await self.channel.hang_up()

    async def _take(self) -> None:
        if not self._is_taken:
            await self.channel.take()
            self._is_taken = True

    async def _files(self, prompts: Iterable[str], *, language: str) -> list[Path]:
        texts = await self.shared.texts_for(self.token)
        said = [(name, texts.get(name, {}).get(language)) for name in prompts]
        found = await asyncio.to_thread(self._made, said, language)
        return [file.absolute() for file in found]

    def _made(self, said: Iterable[tuple[str, str | None]], language: str) -> list[Path]:
        found = []
        for name, text in said:
            try:
                file = (
                    self.shared.files.there(name, language=language)
                    if text is None
                    else self.shared.files.ready(name, text, language=language)
                )
            except CannotSpeak as trouble:
                log.error("%s", trouble)
                continue
            if file is None:
                log.error("There is no sound for %r in %r; “balie phone prompts” makes it.", name, language)
            else:
                found.append(file)
        return found

    # -- Putting through

    async def _forward(self, routed: Routed) -> None:
        """Which telephones ring, group after group, as `Dial()` takes them."""
        technology = self.wanted.options.get("technology", "")
        technology = technology if _TECHNOLOGY.fullmatch(technology) else "PJSIP"
        groups = [group for each in routed.groups if (group := _dialled(each, technology))]
        for number, group in enumerate(groups, 1):
            await self.channel.set(f"BALIE_GROUP_{number}", group)
        await self.channel.set("BALIE_GROUPS", str(len(groups)))
        await self.channel.set("BALIE_TARGET", routed.target)
        await self.channel.set("BALIE_ACTION", FORWARD)


def _dialled(group: Iterable[str], technology: str) -> str:
    """`PJSIP/201&PJSIP/202`; what is no name of a telephone is left out, for a dialplan reads it."""
    found = (_EXTENSION.fullmatch(each) for each in group)
    return "&".join(f"{technology}/{each[1]}" for each in found if each)


def _known(told: str | None) -> str:
    return "" if told in {None, "unknown", "<unknown>"} else str(told)


def _privacy(told: Mapping[str, str]) -> str:
    """Asterisk tells by a number whether the caller's may be shown: bits 6 and 7 are 01 when it may not."""
    presented = told.get("callingpres", "0")
    is_number = presented.isascii() and presented.isdecimal() and len(presented) < 6
    return "id" if is_number and int(presented) & _NUMBER_KNOWN == _HIDDEN else ""
