"""The instruction video about back-ups, for whoever has the link from the mail (IB-28)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from balie.backups.links import video_behind
from balie.files.downloads import play
from balie.portal.visitors import Visit


@never_cache
@require_safe
def backup_video(request: Visit, token: str) -> HttpResponse:
    """The page with the video, or the way to it; a link that ended is refused with the way forward."""
    video, until = video_behind(token, now=request.now)
    return render(request, "portal/backup_video.html", {"video": video, "until": until, "video_token": token})


@require_safe
def backup_video_file(request: Visit, token: str) -> HttpResponse:
    """The bytes of the desk's own video, as a player asks for them."""
    video, _until = video_behind(token, now=request.now)
    if video.file is None:
        raise Http404
    return play(video.file, content_type=video.content_type, stretch=request.headers.get("Range"))
