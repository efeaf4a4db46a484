"""`balie worker`: does the jobs that pages and mail left in the database, and the periodic ones."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from balie.config import command_line
from balie.mail import jobs as mail

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.app import WorkerOptions

GRACE_SECONDS = 10.0
CONCURRENCY = 2

LANES = (("default",), (mail.IN,), (mail.OUT,))
"""Queues that share slots. A slow mail server of somebody else holds up no sorting, and a heap of mail no answer."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "worker",
        help="do the jobs of the desk; “balie serve” starts one by itself",
        description="Do jobs until Ctrl-C or SIGTERM. More workers, on more machines, share the work.",
    )
    command_line.add_desk_options(parser)
    parser.add_argument(
        "--concurrency",
        type=int,
        default=CONCURRENCY,
        metavar="N",
        help=f"so many jobs at once of each kind: mail in, mail out, all others; default: {CONCURRENCY}",
    )
    parser.add_argument("--until-done", action="store_true", help="end when no job is left")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    with command_line.django(arguments, process="worker"):
        work(concurrency=arguments.concurrency, until_done=arguments.until_done)
    return command_line.GOOD


def work(*, concurrency: int = CONCURRENCY, until_done: bool = False) -> None:
    """Run Procrastinate's worker in this process, which has Django set up."""
    from procrastinate.contrib.django import app

    worker_connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with contextlib.suppress(asyncio.CancelledError), app.replace_connector(worker_connector) as working:
        asyncio.run(_work(working, concurrency=concurrency, until_done=until_done))


async def _work(app: App, *, concurrency: int, until_done: bool) -> None:
    from balie.config import left_behind

    threads = ThreadPoolExecutor(concurrency * len(LANES), thread_name_prefix="job")
    asyncio.get_running_loop().set_default_executor(threads)
    async with app.open_async(), left_behind.taken_over(app):
        left_behind.try_again(app)
        if until_done:
            await _lane(app, None, concurrency=concurrency, wait=False)
            return
        # mailboxes are emptied at once, not at the next full minute
        await app.configure_task(mail.WATCH).defer_async(timestamp=0)
        await _side_by_side([_lane(app, queues, concurrency=concurrency, wait=True) for queues in LANES])


def _lane(
    app: App, queues: Sequence[str] | None, *, concurrency: int, wait: bool
) -> Coroutine[Any, Any, None]:
    options: WorkerOptions = {
        "concurrency": concurrency,
        "wait": wait,
        "shutdown_graceful_timeout": GRACE_SECONDS,
        "delete_jobs": "successful",
        "install_signal_handlers": not wait,
    }
    if queues is not None:
        options["queues"] = list(queues)  # a tuple would be a row to the database
    return app.run_worker_async(**options)


async def _side_by_side(lanes: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Until a signal, or until one of them ends by itself, which it does in trouble: then all end their jobs and go."""
    working = [asyncio.create_task(lane) for lane in lanes]
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    try:
        signalled = asyncio.create_task(told.wait())
        await asyncio.wait([signalled, *working], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for lane in working:
            lane.cancel()
        ended = await asyncio.gather(*working, return_exceptions=True)
    for trouble in ended:
        if isinstance(trouble, Exception):
            raise trouble


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
    os.environ["BALIE_PROCESS"] = "worker"  # whoever started it: a web server has no tasks
    import django

    django.setup()
    work()
