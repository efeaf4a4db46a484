from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from balie.desk.queries import the_desk
from balie.mail import actions, jobs, queries, releasing
from balie.mail.ways_in import actions as ways_in
from balie.mail.ways_in import handed_in
from balie.mail.ways_in.queries import mailboxes_on
from balie.tickets.facts import Situation


@app.task(name=jobs.PROCESS, queue=jobs.IN)
def process(inbound: int) -> None:
    """Work on a stored message, and on others that wait; theirs is then the shorter job."""
    if queries.is_waiting(inbound):
        actions.process_waiting(now=timezone.now())


@app.task(name=jobs.DELIVER, queue=jobs.OUT)
def deliver(outbound: int) -> None:
    actions.deliver(outbound, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="mail.process_left_behind", queue=jobs.IN, queueing_lock="mail.process_left_behind")
def process_left_behind(timestamp: int) -> None:
    """Every minute: messages whose job a killed worker took along."""
    while actions.process_waiting(now=timezone.now()):
        pass


@app.periodic(cron="* * * * *")
@app.task(name="mail.deliver_due", queue=jobs.OUT, queueing_lock="mail.deliver_due")
def deliver_due(timestamp: int) -> None:
    """Every minute: mail whose next attempt is due."""
    actions.deliver_due(now=timezone.now())


@app.periodic(cron="23 3 * * *")
@app.task(name="mail.forget_spam", queueing_lock="mail.forget_spam")
def forget_spam(timestamp: int) -> None:
    """Every night: spam that was kept for as long as the desk wants goes."""
    releasing.forget_spam(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name=jobs.WATCH)
def watch_ways_in(timestamp: int) -> None:
    """Every minute, and when a mailbox was changed: mailboxes are kept empty, and silence is noticed."""
    ways_in.watch(Situation(the_desk(), now=timezone.now()))
    if mailboxes_on():
        from balie.mail.ways_in import watching  # what speaks IMAP is loaded where there is a mailbox

        watching.keep_watched()


@app.task(name=jobs.READ_FILE)
def read_file(file: int) -> None:
    handed_in.read_on(file, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="mail.read_files_left_behind", queueing_lock="mail.read_files_left_behind")
def read_files_left_behind(timestamp: int) -> None:
    """Every minute: files whose job a killed worker took along."""
    for file in handed_in.unfinished():
        handed_in.read_on(file, now=timezone.now())
