"""Forgot login: the whole way of a claim, who is told what, and what holds when things go wrong (IB-06)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from tests.cast import FRIDAY_AT_FOUR, PASSWORD, browser_of, contact
from tests.customers.conftest import CALLED, NEW, REGISTERED, token

from balie.accounts.models import User
from balie.audit.models import Entry
from balie.customers import claims
from balie.customers.links import LinkEnded, Purpose
from balie.customers.models import AddressClaim, Contact, PhoneNumber, Registration
from balie.rules.address_claims import Channel, NotVerified, State, TooEarly, Verification
from balie.rules.refusals import NoLongerSo, NotAllowed

LATER = FRIDAY_AT_FOUR + timedelta(hours=72)


def told() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


class TestTheWholeWay:
    def test_three_days_after_approval_the_new_address_logs_in_and_the_old_one_does_not_IB_06(
        self, approved, infobits, carla
    ):
        claim = approved()
        browser = browser_of(carla)
        assert browser.get(reverse("my_tickets")).status_code == 200
        assert claims.take_effect_due(desk=infobits, now=LATER) == 1
        user = User.objects.get(pk=carla.user_id)
        assert (user.email, user.has_usable_password()) == (NEW, False)
        assert Contact.objects.get(pk=carla.pk).email == NEW
        assert [(each.email, each.verified) for each in user.emailaddress_set.all()] == [(NEW, True)]
        assert browser.get(reverse("my_tickets")).status_code == 302  # its sessions have ended
        assert AddressClaim.objects.get(pk=claim.pk).replaced_email == "carla@shop.example"

    def test_the_new_login_comes_in_with_a_mailed_code_IB_06(self, approved, infobits):
        import re

        approved()
        claims.take_effect_due(desk=infobits, now=LATER)
        mail.outbox.clear()
        browser = browser_of(None)
        browser.post(reverse("account_request_login_code"), {"email": NEW})
        code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[0].body, re.M)
        assert code
        browser.post(reverse("account_confirm_login_code"), {"code": code[0]})
        assert browser.get(reverse("my_tickets")).status_code == 200

    def test_a_code_that_was_mailed_to_the_old_address_before_opens_nothing_after_IB_06(
        self, approved, infobits, carla
    ):
        import re

        approved()
        mail.outbox.clear()
        browser = browser_of(None)
        browser.post(reverse("account_request_login_code"), {"email": carla.email})
        code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[0].body, re.M)
        assert code
        claims.take_effect_due(desk=infobits, now=LATER)
        browser.post(reverse("account_confirm_login_code"), {"code": code[0]})
        assert "_auth_user_id" not in browser.session
        assert browser.get(reverse("my_tickets")).status_code == 302

    def test_a_contact_without_a_login_gets_one_IB_06(self, verified, infobits, bakery, registered, anna):
        wim = Contact.objects.create(customer=bakery, name="Wim", email="wim@shop.example")
        claim = verified("wim@shop.example", "wim@nieuw.example")
        claims.approve(claim, wim, CALLED, desk=infobits, by=anna, now=FRIDAY_AT_FOUR)
        claims.take_effect_due(desk=infobits, now=LATER)
        wim.refresh_from_db()
        assert wim.user is not None
        assert wim.user.email == wim.email == "wim@nieuw.example"

    def test_every_step_is_on_the_record_IB_06(self, approved, infobits):
        approved()
        claims.take_effect_due(desk=infobits, now=LATER)
        actions = list(
            Entry.objects.filter(subject_type="customers.addressclaim")
            .order_by("id")
            .values_list("action", flat=True)
        )
        assert actions == ["ask_claim", "verify_claim", "approve_claim", "claim_takes_effect"]
        approval = Entry.objects.get(action="approve_claim")
        assert (approval.who, approval.data["channel"], approval.data["number"]) == (
            "Anna",
            "called_back",
            REGISTERED,
        )


class TestWhoIsTold:
    def test_the_new_address_only_until_it_is_verified_IB_06(self, ask, carla, marga):
        ask()
        assert told() == [NEW]

    def test_the_old_address_and_every_contact_at_once_IB_06(self, verified, carla, marga, dario):
        verified()
        assert told() == [NEW, "carla@shop.example", "marga@shop.example"]
        assert all("/account/forgot/stop/" in each.body for each in mail.outbox[1:])

    def test_everybody_again_with_the_moment_when_it_is_approved_IB_06(self, approved):
        approved()
        assert told() == sorted([NEW, "carla@shop.example", "marga@shop.example"] * 2)
        warned = [each for each in mail.outbox if each.to == ["marga@shop.example"]]
        assert "2026" not in warned[0].body
        assert "2026" in warned[1].body

    def test_a_login_whose_address_is_not_the_contacts_is_told_too_IB_06(
        self, verified, infobits, carla, registered, anna
    ):
        User.objects.filter(pk=carla.user_id).update(email="carla@login.example")
        carla.user.refresh_from_db()
        claim = verified("carla@login.example")
        assert told() == ["carla@login.example", NEW, "carla@shop.example"]
        assert claim.contact == carla

    def test_the_old_address_when_it_has_taken_effect_IB_06(self, approved, infobits):
        approved()
        mail.outbox.clear()
        claims.take_effect_due(desk=infobits, now=LATER)
        assert told() == [NEW, "carla@shop.example"]

    def test_nobody_else_when_the_old_address_is_unknown_IB_06(self, verified, carla, marga):
        claim = verified("nobody@shop.example")
        assert (claim.contact, told()) == (None, [NEW])

    def test_an_agents_login_is_nobodys_to_claim_IB_06(self, verified, anna, bakery):
        Contact.objects.create(customer=bakery, email="anna2@desk.example", user=anna)
        assert verified("anna@desk.example").contact is None

    def test_unasked_warnings_come_once_a_day_and_those_of_an_approval_always_IB_06(
        self, verified, infobits, carla, registered, anna
    ):
        verified()
        verified("carla@shop.example", "other@nieuw.example")
        assert told().count("carla@shop.example") == 1
        second = AddressClaim.objects.latest("pk")
        claims.approve(second, carla, CALLED, desk=infobits, by=anna, now=FRIDAY_AT_FOUR)
        assert told().count("carla@shop.example") == 2

    def test_the_claimant_hears_the_same_whoever_ended_it_IB_06(self, verified, infobits, carla, anna):
        bodies = []
        for number, end in enumerate(("refuse", "stop", "link")):
            new = f"c{number}@nieuw.example"
            claim = verified("carla@shop.example", new)
            mail.outbox.clear()
            match end:
                case "refuse":
                    claims.refuse(claim, note="nobody knows", desk=infobits, by=anna, now=FRIDAY_AT_FOUR)
                case "stop":
                    claims.stop(claim, note="phoned us", desk=infobits, by=anna, now=FRIDAY_AT_FOUR)
                case _link:
                    claims.stop_by_link(
                        token(Purpose.STOP_CLAIM, claim.pk, carla.email), desk=infobits, now=FRIDAY_AT_FOUR
                    )
            assert told() == [new]
            bodies.append(mail.outbox[0].body)
        assert len(set(bodies)) == 1
        assert "nobody knows" not in bodies[0]


class TestTheDoors:
    def test_it_does_not_take_effect_before_its_time_IB_06(self, approved, infobits, carla):
        claim = approved()
        early = LATER - timedelta(seconds=1)
        assert claims.take_effect_due(desk=infobits, now=early) == 0
        with pytest.raises(TooEarly):
            claims.take_effect(claim.pk, desk=infobits, now=early)
        assert User.objects.get(pk=carla.user_id).email == "carla@shop.example"

    def test_it_takes_effect_once_IB_06(self, approved, infobits):
        claim = approved()
        assert claims.take_effect(claim.pk, desk=infobits, now=LATER)
        sent = len(mail.outbox)
        assert not claims.take_effect(claim.pk, desk=infobits, now=LATER)
        assert claims.take_effect_due(desk=infobits, now=LATER) == 0
        assert len(mail.outbox) == sent

    def test_nothing_takes_effect_without_the_desk_IB_06(self, verified, infobits, carla):
        claim = verified()
        assert not claims.take_effect(claim.pk, desk=infobits, now=LATER)
        assert claims.take_effect_due(desk=infobits, now=LATER) == 0

    def test_the_desk_cannot_approve_before_the_address_is_verified_IB_06(
        self, ask, infobits, carla, registered, anna
    ):
        with pytest.raises(NoLongerSo):
            claims.approve(ask(), carla, CALLED, desk=infobits, by=anna, now=FRIDAY_AT_FOUR)

    def test_the_number_that_the_claimant_gave_proves_nothing_IB_06(
        self, verified, infobits, carla, registered, anna
    ):
        by_claimants_phone = Verification(Channel.CALLED_BACK, "Sounded right.", "+31612345678")
        with pytest.raises(NotVerified):
            claims.approve(verified(), carla, by_claimants_phone, desk=infobits, by=anna, now=FRIDAY_AT_FOUR)

    def test_a_number_that_was_handed_in_but_not_registered_proves_nothing_IB_06(
        self, verified, infobits, carla, bakery, anna
    ):
        PhoneNumber.objects.create(customer=bakery, e164=REGISTERED)
        with pytest.raises(NotVerified):
            claims.approve(verified(), carla, CALLED, desk=infobits, by=anna, now=FRIDAY_AT_FOUR)

    def test_a_registered_number_of_another_customer_proves_nothing_IB_06(
        self, verified, infobits, carla, florist, registered, anna
    ):
        PhoneNumber.objects.update(customer=florist)
        with pytest.raises(NotVerified):
            claims.approve(verified(), carla, CALLED, desk=infobits, by=anna, now=FRIDAY_AT_FOUR)

    def test_the_waiting_time_is_the_desks_IB_06(self, approved, infobits):
        infobits.address_claim_waiting_hours = 5
        claim = approved()
        assert claim.takes_effect_at == FRIDAY_AT_FOUR + timedelta(hours=5)

    def test_a_claim_that_was_stopped_never_takes_effect_IB_06(self, approved, infobits, carla, marga):
        claim = approved()
        claims.stop_by_link(token(Purpose.STOP_CLAIM, claim.pk, marga.email), desk=infobits, now=LATER)
        assert claims.take_effect_due(desk=infobits, now=LATER) == 0
        claim.refresh_from_db()
        assert (claim.state, claim.ended_by) == (State.REVOKED, "marga@shop.example")
        assert User.objects.get(pk=carla.user_id).check_password(PASSWORD)

    def test_after_it_took_effect_nobody_stops_it_by_the_link_IB_06(self, approved, infobits, marga):
        claim = approved()
        claims.take_effect_due(desk=infobits, now=LATER)
        with pytest.raises(NoLongerSo) as late:
            claims.stop_by_link(token(Purpose.STOP_CLAIM, claim.pk, marga.email), desk=infobits, now=LATER)
        assert "in use already" in str(late.value)

    def test_a_contact_who_was_closed_off_meanwhile_gets_nothing_IB_06(self, approved, infobits, carla):
        claim = approved()
        Contact.objects.filter(pk=carla.pk).update(is_active=False)
        assert claims.take_effect_due(desk=infobits, now=LATER) == 0
        claim.refresh_from_db()
        assert (claim.state, claim.ended_by) == (State.REFUSED, "Balie")

    def test_an_address_that_somebody_took_meanwhile_is_not_taken_away_IB_06(
        self, approved, infobits, florist
    ):
        claim = approved()
        User.objects.create_user(NEW, PASSWORD)
        assert claims.take_effect_due(desk=infobits, now=LATER) == 0
        claim.refresh_from_db()
        assert claim.state == State.REFUSED

    def test_a_half_made_account_at_the_new_address_keeps_nobody_out_IB_06(self, approved, infobits, carla):
        approved()
        squatter = User.objects.create_user(NEW, PASSWORD)
        Registration.objects.create(user=squatter, company="x", made_at=FRIDAY_AT_FOUR)
        assert claims.take_effect_due(desk=infobits, now=LATER) == 1
        assert User.objects.get(email=NEW).pk == carla.user_id

    def test_the_address_of_another_contact_cannot_be_claimed_IB_06(
        self, verified, infobits, carla, dario, registered, anna
    ):
        Contact.objects.filter(pk=dario.pk).update(user=None)
        dario.user.delete()
        claim = verified("carla@shop.example", dario.email)
        with pytest.raises(claims.AddressTaken):
            claims.approve(claim, carla, CALLED, desk=infobits, by=anna, now=FRIDAY_AT_FOUR)

    def test_one_that_fails_stops_no_other_IB_06(self, approved, infobits, monkeypatch):
        claim = approved()
        monkeypatch.setattr(claims, "change_address", lambda *_, **__: 1 / 0)
        assert claims.take_effect_due(desk=infobits, now=LATER) == 0
        monkeypatch.undo()
        claim.refresh_from_db()
        assert claim.state == State.APPROVED
        assert claims.take_effect_due(desk=infobits, now=LATER) == 1


class TestLinks:
    def test_the_link_to_the_new_address_works_once_IB_06(self, verified, infobits, carla):
        claim = verified()
        with pytest.raises(LinkEnded):
            claims.verify(token(Purpose.VERIFY_CLAIM, claim.pk), desk=infobits, now=FRIDAY_AT_FOUR)

    def test_it_works_for_a_day_IB_06(self, ask, infobits):
        claim = ask()
        late = FRIDAY_AT_FOUR + timedelta(hours=24, seconds=1)
        with pytest.raises(LinkEnded):
            claims.verify(token(Purpose.VERIFY_CLAIM, claim.pk), desk=infobits, now=late)

    def test_one_open_claim_for_an_address_IB_06(self, verified, ask, infobits, carla):
        verified()
        second = ask()
        with pytest.raises(LinkEnded):
            claims.verify(token(Purpose.VERIFY_CLAIM, second.pk), desk=infobits, now=FRIDAY_AT_FOUR)

    @pytest.mark.parametrize("forged", ["x", "a:b:c", "é", "WzFd:1x:AAAA"])
    def test_a_forged_link_opens_nothing_IB_06(self, db, infobits, forged):
        for open_it in (
            lambda: claims.verify(forged, desk=infobits, now=FRIDAY_AT_FOUR),
            lambda: claims.stop_by_link(forged, desk=infobits, now=FRIDAY_AT_FOUR),
        ):
            with pytest.raises(LinkEnded):
                open_it()

    def test_a_link_is_good_for_its_own_purpose_only_IB_06(self, verified, infobits, carla):
        claim = verified()
        with pytest.raises(LinkEnded):
            claims.stop_by_link(token(Purpose.VERIFY_CLAIM, claim.pk), desk=infobits, now=FRIDAY_AT_FOUR)
        with pytest.raises(LinkEnded):
            claims.verify(token(Purpose.STOP_CLAIM, claim.pk, carla.email), desk=infobits, now=FRIDAY_AT_FOUR)


class TestExpiry:
    def test_what_nobody_verified_ends_after_a_day_and_the_rest_after_a_month_IB_06(
        self, ask, verified, infobits, carla
    ):
        ask(new="a@nieuw.example")
        verified()
        assert claims.expire_due(now=FRIDAY_AT_FOUR + timedelta(hours=24)) == 0
        assert claims.expire_due(now=FRIDAY_AT_FOUR + timedelta(hours=25)) == 1
        assert claims.expire_due(now=FRIDAY_AT_FOUR + timedelta(days=30)) == 0
        assert claims.expire_due(now=FRIDAY_AT_FOUR + timedelta(days=31)) == 1
        assert claims.expire_due(now=FRIDAY_AT_FOUR + timedelta(days=31)) == 0
        assert {claim.state for claim in AddressClaim.objects.all()} == {State.EXPIRED}

    def test_an_approved_one_does_not_IB_06(self, approved):
        claim = approved()
        assert claims.expire_due(now=FRIDAY_AT_FOUR + timedelta(days=400)) == 0
        assert AddressClaim.objects.get(pk=claim.pk).state == State.APPROVED


def test_one_approved_claim_a_contact_IB_06(approved, verified, infobits, carla, anna):
    approved()
    second = verified("carla@shop.example", "other@nieuw.example")
    with pytest.raises(NoLongerSo):
        claims.approve(second, carla, CALLED, desk=infobits, by=anna, now=FRIDAY_AT_FOUR)


def test_somebody_who_can_log_in_with_the_address_is_told_so_by_mail_IB_06(ask, carla):
    ask(new="carla@shop.example")
    assert told() == ["carla@shop.example"]
    assert "/account/login/code/" in mail.outbox[0].body


def test_nobody_but_the_named_may_make_a_move_IB_06():
    from balie.rules.address_claims import Actor, Move, move

    with pytest.raises(NotAllowed):
        move(State.APPROVED, Move.TAKE_EFFECT, by=Actor.DESK)


def test_a_contact_of_another_customer_is_not_told_IB_06(approved, florist):
    contact("Fleur", florist)
    approved()
    assert "fleur@shop.example" not in told()
