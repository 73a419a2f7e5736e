"""A message's HTML, in a frame where nothing of it can act."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from webmail.services.cleaning import clean_html
from webmail.services.reading import Letter

# What a message may do in its frame: nothing but be looked at and have its links opened.
FRAME_POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; "
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:{pictures}; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


def framed(request: HttpRequest, letter: Letter, *, remote_pictures: bool = False) -> HttpResponse:
    cleaned = clean_html(letter.html, inline=letter.inline, remote_pictures=remote_pictures)
    response = render(request, "webmail/body.html", {"html": cleaned.html})
    pictures = " https: http:" if remote_pictures else ""
    response["Content-Security-Policy"] = FRAME_POLICY.format(pictures=pictures)
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response
