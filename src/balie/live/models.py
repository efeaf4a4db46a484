from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class LiveEvent(models.Model):
    """One thing that changed, kept for a while so that a browser which was away can ask for what it missed.

    Rows are written by `balie.live.actions.publish` and read by the bare ASGI app without Django's models.
    """

    seq = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=100)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "live_event"
        indexes = [models.Index(fields=["topic", "seq"], name="live_event_by_topic")]

    def __str__(self) -> str:
        return f"{self.seq} {self.topic}"
