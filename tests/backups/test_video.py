"""The instruction video: asked for, mailed as a link that ends, watched by who has the link (IB-28)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast import FRIDAY_AT_FOUR
from tests.portal.reading import visitor, words

from balie.backups import actions, links
from balie.backups.actions import MOST_A_DAY, AskedTooOften
from balie.backups.links import NoVideo
from balie.backups.models import BackupVideo, VideoRequest
from balie.files import actions as files
from balie.mail.models import OutboundKind, OutboundMail

pytestmark = pytest.mark.usefixtures("clock")

LINK = "https://video.example/back-up"
MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(range(256)) * 20


@pytest.fixture
def video(infobits) -> BackupVideo:
    return BackupVideo.objects.create(pk=1, link=LINK)


@pytest.fixture
def film(infobits) -> BackupVideo:
    file = files.store(MP4)
    return BackupVideo.objects.create(pk=1, file=file, name="film.mp4", content_type="video/mp4")


def ask_for_it(person):
    return visitor(person).post(reverse("my_video"), follow=True)


def mailed() -> list[OutboundMail]:
    return list(OutboundMail.objects.filter(kind=OutboundKind.VIDEO).order_by("pk"))


def link_in(mail: OutboundMail) -> str:
    found = re.search(r"https?://[^/\s]+(/video/\S+/)", mail.text)
    assert found, mail.text
    return found[1]


def test_who_asks_gets_the_link_by_mail_and_watches_without_a_login_IB_28(video, carla):
    assert "is on its way to carla@shop.example" in words(ask_for_it(carla).content.decode())
    (mail,) = mailed()
    assert mail.recipient == "carla@shop.example"
    text = visitor(None).get(link_in(mail)).content.decode()
    assert LINK in text
    assert "This link works until Fri 27 Nov 2026 16:00." in words(text)


def test_the_address_of_the_video_is_only_behind_the_link(video, carla):
    assert LINK not in ask_for_it(carla).content.decode()
    assert LINK not in mailed()[0].text


@pytest.mark.parametrize(
    ("moment", "status", "because"),
    [
        ("2026-11-27 16:00", 200, "the last moment of the week"),
        ("2026-11-27 16:01", 422, "the week is over"),
        ("2027-11-20 16:00", 422, "long ago"),
    ],
)
def test_the_link_ends_after_a_week_with_a_way_forward(video, carla, clock, moment, status, because):
    ask_for_it(carla)
    clock(moment)
    answer = visitor(None).get(link_in(mailed()[0]))
    assert answer.status_code == status, because
    if status == 422:
        assert "This link to the video does not work any more." in words(answer.content.decode())
        assert "ask for a new link on your helpdesk page" in words(answer.content.decode())
        assert LINK not in answer.content.decode()


def forged(request: VideoRequest) -> dict[str, str]:
    token = links.token_of(request)
    far = int((FRIDAY_AT_FOUR + timedelta(days=900)).timestamp())
    return {
        "other text": "x",
        "cut off": token[:-3],
        "a letter more": token + "A",
        "another salt": signing.dumps([request.pk, far], salt="balie.portal.kept_files"),
        "another request": signing.dumps([request.pk + 1, far], salt=links.SALT),
        "another shape": signing.dumps({"a": 1}, salt=links.SALT),
        "a list of three": signing.dumps([1, 2, 3], salt=links.SALT),
        "no numbers": signing.dumps(["a", "b"], salt=links.SALT),
    }


@pytest.mark.parametrize(
    "how",
    ["other text", "cut off", "a letter more", "another salt", "another request", "another shape", "a list of three",
     "no numbers"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["backup_video", "backup_video_file"])
def test_a_forged_link_is_refused_like_one_that_ended(film, carla, how, name):
    request = actions.request_video(carla, base_url="https://desk.example", now=FRIDAY_AT_FOUR)
    answer = visitor(None).get(reverse(name, args=[forged(request)[how]]))
    assert answer.status_code == 422
    assert "does not work any more" in answer.content.decode()


def test_the_link_of_somebody_who_left_ends(video, carla):
    ask_for_it(carla)
    carla.is_active = False
    carla.save()
    assert visitor(None).get(link_in(mailed()[0])).status_code == 422


def test_the_button_pressed_twice_is_one_mail(video, carla):
    ask_for_it(carla)
    ask_for_it(carla)
    assert len(mailed()) == 1


def test_nobody_is_mailed_without_end(video, carla, dario):
    for number in range(MOST_A_DAY):
        at = FRIDAY_AT_FOUR - timedelta(hours=MOST_A_DAY - number)
        actions.request_video(carla, base_url="https://desk.example", now=at)
    answer = ask_for_it(carla)
    assert answer.status_code == 422
    assert "The link was mailed 5 times in a day already." in words(answer.content.decode())
    assert ask_for_it(dario).status_code == 200, "another customer is not held up by it"
    with pytest.raises(AskedTooOften):
        actions.request_video(carla, base_url="https://desk.example", now=FRIDAY_AT_FOUR)
    actions.request_video(carla, base_url="https://desk.example", now=FRIDAY_AT_FOUR + timedelta(days=1))


def test_without_a_video_nothing_is_mailed_and_the_page_says_so(infobits, carla):
    answer = ask_for_it(carla)
    assert answer.status_code == 422
    assert "The desk has no video about back-ups at the moment." in words(answer.content.decode())
    with pytest.raises(NoVideo):
        links.the_video()
    assert not mailed()


def test_a_video_that_was_taken_away_since_says_so(video, carla):
    ask_for_it(carla)
    video.delete()
    assert "has no video" in words(visitor(None).get(link_in(mailed()[0])).content.decode())


def test_eve_cannot_ask_for_it(video):
    answer = visitor(None).post(reverse("my_video"))
    assert answer.url.startswith(reverse("account_login"))
    assert not mailed()


@pytest.mark.parametrize(
    ("asked", "status", "part", "says"),
    [
        (None, 200, slice(None), None),
        ("bytes=0-", 206, slice(None), f"bytes 0-{len(MP4) - 1}/{len(MP4)}"),
        ("bytes=10-19", 206, slice(10, 20), f"bytes 10-19/{len(MP4)}"),
        (f"bytes={len(MP4) - 5}-", 206, slice(-5, None), f"bytes {len(MP4) - 5}-{len(MP4) - 1}/{len(MP4)}"),
        (f"bytes=0-{10**12}", 206, slice(None), f"bytes 0-{len(MP4) - 1}/{len(MP4)}"),
        ("bytes=-5", 200, slice(None), None),
        ("lines=1-2", 200, slice(None), None),
    ],
)
def test_a_player_gets_the_film_in_stretches(film, carla, asked, status, part, says):
    request = actions.request_video(carla, base_url="https://desk.example", now=FRIDAY_AT_FOUR)
    headers = {"Range": asked} if asked else {}
    answer = visitor(None).get(reverse("backup_video_file", args=[links.token_of(request)]), headers=headers)
    assert answer.status_code == status
    assert answer.content == MP4[part]
    assert answer.headers.get("Content-Range") == says
    assert answer.headers["Content-Type"] == "video/mp4"


def test_beyond_the_end_there_is_nothing(film, carla):
    request = actions.request_video(carla, base_url="https://desk.example", now=FRIDAY_AT_FOUR)
    address = reverse("backup_video_file", args=[links.token_of(request)])
    answer = visitor(None).get(address, headers={"Range": f"bytes={len(MP4)}-"})
    assert answer.status_code == 416


def test_a_link_elsewhere_has_no_file_here(video, carla):
    request = actions.request_video(carla, base_url="https://desk.example", now=FRIDAY_AT_FOUR)
    assert visitor(None).get(reverse("backup_video_file", args=[links.token_of(request)])).status_code == 404


# -- Set in the administration -----------------------------------------------------------------------------


def set_it(willem, **fields: object):
    there = BackupVideo.objects.exists()
    name = "admin:backups_backupvideo_change" if there else "admin:backups_backupvideo_add"
    return visitor(willem).post(reverse(name, args=[1] if there else []), {"link": "", **fields})


def upload(content: bytes = MP4, name: str = "film.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_an_administrator_sets_a_link_and_replaces_it_by_a_film(infobits, willem):
    assert set_it(willem, link=LINK).status_code == 302
    assert BackupVideo.objects.get().link == LINK
    assert set_it(willem, upload=upload()).status_code == 302
    film = BackupVideo.objects.get()
    assert (film.link, film.name, film.content_type) == ("", "film.mp4", "video/mp4")
    assert files.read(film.file) == MP4
    assert set_it(willem, link=LINK).status_code == 302
    again = BackupVideo.objects.get()
    assert (again.link, again.file, again.name) == (LINK, None, "")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Give either a link or a file."),
        ({"link": LINK, "upload": True}, "Give either a link or a file."),
        ({"link": "geen adres"}, "Enter a valid URL."),
        ({"upload": b"<html>"}, "This is no video that a browser plays"),
    ],
)
def test_what_is_no_video_is_not_set(infobits, willem, fields, says):
    sent = dict(fields)
    if "upload" in sent:
        sent["upload"] = upload(MP4 if sent["upload"] is True else sent["upload"])
    answer = set_it(willem, **sent)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert not BackupVideo.objects.exists()


def test_there_is_one_video(video, willem):
    assert visitor(willem).get(reverse("admin:backups_backupvideo_add")).status_code == 403
