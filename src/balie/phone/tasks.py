from __future__ import annotations

from procrastinate.contrib.django import app

from balie.phone import dialling


@app.task(name=dialling.DIAL)
def dial(order: int) -> None:
    dialling.carry_out(order)
