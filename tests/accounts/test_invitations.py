"""The link with which somebody who was invited chooses a password: once, for a week, for that person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.cast import FRIDAY_AT_FOUR, browser_of

from balie.accounts import actions, invitations
from balie.accounts.models import User
from balie.audit.models import Entry

CHOSEN = "bonrol-onder-de-toonbank"


@pytest.fixture
def wanda(db) -> User:
    """Somebody who was invited and has no password yet."""
    return User.objects.create_user("wanda@desk.example", name="Wanda")


@pytest.fixture
def friday_at_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: FRIDAY_AT_FOUR)


def path_for(user: User) -> str:
    link = actions.invite(user, base_url="https://desk.example", now=FRIDAY_AT_FOUR)
    assert link.startswith("https://desk.example/account/invitation/")
    return link.removeprefix("https://desk.example")


def choose(path: str, password: str = CHOSEN, again: str | None = None):
    return browser_of(None).post(path, {"password": password, "again": password if again is None else again})


@pytest.mark.usefixtures("infobits", "friday_at_four")
class TestTheLink:
    def test_it_leads_to_a_page_that_says_who_is_invited(self, wanda):
        answer = browser_of(None).get(path_for(wanda))
        assert answer.status_code == 200
        assert "wanda@desk.example" in answer.content.decode()
        assert "no-cache" in answer.headers["Cache-Control"]

    def test_with_it_a_password_is_chosen_that_logs_in(self, wanda):
        answer = choose(path_for(wanda))
        assert answer.url == reverse("account_login")
        login = browser_of(None).post(answer.url, {"login": "wanda@desk.example", "password": CHOSEN})
        assert login.url == reverse("after_login")

    def test_it_works_once(self, wanda):
        path = path_for(wanda)
        choose(path)
        again = choose(path, "iets-heel-anders-12")
        assert again.status_code == 422
        assert "This invitation has been used already, or it is too old." in again.content.decode()
        assert User.objects.get(pk=wanda.pk).check_password(CHOSEN)

    def test_a_second_invitation_ends_with_the_first(self, wanda):
        first, second = path_for(wanda), path_for(wanda)
        choose(first)
        assert choose(second, "iets-heel-anders-12").status_code == 422

    @pytest.mark.parametrize(
        ("password", "again", "says"),
        [
            ("kort", "kort", "This password is too short."),
            ("password123", "password123", "This password is too common."),
            ("wanda@desk.example", "wanda@desk.example", "too similar"),
            (CHOSEN, "iets anders", "The two passwords are not the same."),
            ("", "", "This field is required."),
        ],
    )
    def test_a_weak_or_mistyped_password_is_refused_in_words(self, wanda, password, again, says):
        answer = choose(path_for(wanda), password, again)
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert not User.objects.get(pk=wanda.pk).has_usable_password()

    def test_somebody_who_left_cannot_use_it(self, wanda):
        path = path_for(wanda)
        User.objects.update(is_active=False)
        assert browser_of(None).get(path).status_code == 422

    def test_a_new_address_ends_it(self, wanda):
        path = path_for(wanda)
        User.objects.filter(pk=wanda.pk).update(email="other@desk.example")
        assert browser_of(None).get(path).status_code == 422


@pytest.mark.parametrize("token", ["x", "a:b:c", "é"])
def test_a_token_that_nobody_made_is_refused(infobits, token):
    assert browser_of(None).get(reverse("invitation", args=[token])).status_code == 422


def test_a_token_for_something_else_is_refused(wanda):
    from balie.live import token_for

    with pytest.raises(invitations.InvitationEnded):
        invitations.invited_user(token_for(["queue"]), now=FRIDAY_AT_FOUR)


@pytest.mark.parametrize(
    ("later", "holds"),
    [(timedelta(days=7), True), (timedelta(days=7, seconds=1), False), (timedelta(days=400), False)],
)
def test_it_ends_after_a_week(wanda, later, holds):
    token = invitations.token_of(wanda, now=FRIDAY_AT_FOUR)
    if holds:
        assert invitations.invited_user(token, now=FRIDAY_AT_FOUR + later) == wanda
    else:
        with pytest.raises(invitations.InvitationEnded) as ended:
            invitations.invited_user(token, now=FRIDAY_AT_FOUR + later)
        assert ended.value.ways_forward


def test_invitations_are_on_the_record(wanda):
    token = invitations.token_of(wanda, now=FRIDAY_AT_FOUR)
    actions.invite(wanda, base_url="https://desk.example/", now=FRIDAY_AT_FOUR)
    actions.accept_invitation(token, password=CHOSEN, now=FRIDAY_AT_FOUR)
    assert [entry.action for entry in Entry.objects.order_by("id")] == ["invite", "accept_invitation"]
    assert token not in str(list(Entry.objects.values()))
