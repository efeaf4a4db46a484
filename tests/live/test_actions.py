from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from balie import live
from balie.live import actions
from balie.live.models import LiveEvent

pytestmark = pytest.mark.django_db


def test_an_event_carries_ids_and_never_content() -> None:
    with pytest.raises(ValueError, match="ids, not content"):
        live.publish("ticket-1", data={"text": "x" * 3000})


def test_events_are_forgotten_after_an_hour() -> None:
    now = timezone.now()
    live.publish("queue")
    LiveEvent.objects.create(topic="old", at=now - timedelta(hours=1, minutes=1))
    assert actions.prune(now=now) == 1
    assert list(LiveEvent.objects.values_list("topic", flat=True)) == ["queue"]


def test_one_statement_tells_several_topics(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        live.publish("queue", "ticket-7", data={"ticket": 7})
    assert set(LiveEvent.objects.values_list("topic", flat=True)) == {"queue", "ticket-7"}
