"""`balie worker`: does the jobs that pages and mail left in the database, and the periodic ones."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os

from balie.config import command_line

GRACE_SECONDS = 10.0
CONCURRENCY = 2


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "worker",
        help="do the jobs of the desk; “balie serve” starts one by itself",
        description="Do jobs until Ctrl-C or SIGTERM. More workers, on more machines, share the work.",
    )
    command_line.add_desk_options(parser)
    parser.add_argument(
        "--concurrency", type=int, default=CONCURRENCY, metavar="N", help=f"default: {CONCURRENCY}"
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


async def _work(app: object, *, concurrency: int, until_done: bool) -> None:
    from procrastinate import App

    from balie.config import left_behind
    from balie.mail import jobs as mail

    assert isinstance(app, App)
    async with app.open_async(), left_behind.taken_over(app):
        left_behind.try_again(app)
        if not until_done:
            # mailboxes are emptied at once, not at the next full minute
            await app.configure_task(mail.WATCH).defer_async(timestamp=0)
        await app.run_worker_async(
            concurrency=concurrency,
            wait=not until_done,
            shutdown_graceful_timeout=GRACE_SECONDS,
            delete_jobs="successful",
            install_signal_handlers=True,
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
    import django

    django.setup()
    work()
