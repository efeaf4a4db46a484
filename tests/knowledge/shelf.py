"""How tests fill a help site."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from balie.accounts.models import User
from balie.contracts.models import Product
from balie.knowledge import actions, shelving
from balie.knowledge.actions import Draft, Placing
from balie.knowledge.models import Section, Translation
from balie.rules.audience import Audience

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"0" * 1000


@dataclass
class Shelf:
    """Writes articles as one agent, at one moment."""

    writer: User
    now: datetime
    sections: dict[str, Section] = field(default_factory=dict)

    def section(self, name: str = "Kassa", **fields: object) -> Section:
        if name not in self.sections:
            self.sections[name] = shelving.keep(
                None, name_nl=name, name_en=f"{name} (en)", by=self.writer, now=self.now, **fields
            )
        return self.sections[name]

    def draft(
        self,
        title: str,
        text: str = "Zet hem uit en aan.",
        *,
        summary: str = "",
        keywords: str = "",
        section: str = "Kassa",
        audience: Audience = Audience.EVERYBODY,
        language: str = "nl",
        products: tuple[str, ...] = (),
        position: int = 0,
    ) -> Translation:
        placing = Placing(
            self.section(section), audience, list(Product.objects.filter(key__in=products)), position
        )
        draft = Draft(title, text, summary, keywords)
        return actions.begin(placing, language, draft, by=self.writer, now=self.now)

    def published(self, title: str, text: str = "Zet hem uit en aan.", **fields: object) -> Translation:
        made = self.draft(title, text, **fields)
        return self.publish(made)

    def publish(self, translation: Translation) -> Translation:
        assert translation.latest is not None
        actions.publish(translation, number=translation.latest.number, by=self.writer, now=self.now)
        return translation

    def picture(self, translation: Translation, name: str = "bon.png", description: str = "Een bon") -> str:
        media = actions.add_media(
            translation.article,
            name=name,
            content=PNG,
            description=description,
            by=self.writer,
            now=self.now,
        )
        return media.name
