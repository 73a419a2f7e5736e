"""Handing out files that somebody else brought in."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(content: bytes, name: str) -> HttpResponse:
    """The content as a file to save: never shown by the browser as anything that could act."""
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
