"""Handing out files: those that somebody else brought in, and exports of any length."""

from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header

from admin_platform.spreadsheets import CSV_TYPE, csv_lines


def download(content: bytes, name: str) -> HttpResponse:
    """The content as a file to save: never shown by the browser as anything that could act."""
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def csv_download(
    name: str, headings: Sequence[str], rows: Iterable[Sequence[str]]
) -> StreamingHttpResponse:
    """A CSV file whose rows are made while it is sent, in the language and time zone of now."""
    lines = _as_now(csv_lines(headings, rows))
    response = StreamingHttpResponse(lines, content_type=CSV_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _as_now(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces are asked for when the middleware has long put both back."""
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def made() -> Iterator[bytes]:
        while True:
            with translation.override(language), timezone.override(zone):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    return made()
