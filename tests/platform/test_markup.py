"""HTML from elsewhere: in order, as text, and without ever keeping the server busy."""

import time

import nh3
import pytest

from admin_platform.markup.rich_text import clean_rich_text
from admin_platform.markup.text import html_of, text_of
from admin_platform.markup.tidy import MAX_DEPTH, tidy

TAGS = {"a", "b", "blockquote", "div", "font", "i", "img", "li", "p", "table", "td", "tr", "ul"}


@pytest.mark.parametrize(
    ("written", "tidied"),
    [
        ("<p>a<div>b</p>c", "<p>a</p><div>bc</div>"),
        ("<ul><li>a<li>b</ul>x", "<ul><li>a</li><li>b</li></ul>x"),
        ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
        (
            "<table><tr><td>1<td>2<tr><td>3</table>",
            "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>",
        ),
        ("<div><table></div><td>x</table>", "<div><table><td>x</td></table></div>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<script>1<2</script>ok<!-- <b> --> y", "ok y"),
        ("<div title='a>b'>q", '<div title="a&gt;b">q</div>'),
        ("<div style=\"font-family:'x'\">q", '<div style="font-family:&#x27;x&#x27;">q</div>'),
        ("<center>kept</center>", "kept"),
        ("<title>İ</title>ok", "ok"),
        ("<img src=x", '<img src="x">'),
    ],
)
def test_tags_are_balanced_and_texts_stay(written, tidied):
    assert tidy(written, tags=TAGS) == tidied


def test_nothing_is_nested_deeper_than_allowed_and_no_text_is_lost():
    html = "".join(f"<div>{n}" for n in range(500))

    tidied = tidy(html, tags=TAGS)

    assert tidied.count("<div>") == tidied.count("</div>") == MAX_DEPTH
    assert "499" in tidied


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000,
        "".join(f"<font size={n}>" for n in range(2000)) + "<p>x" * 200_000,
        "<" * 500_000,
        '<a x="' * 100_000,
        "<!--" * 200_000,
        "<a " + "=" * 500_000,
        "<a " + "a " * 200_000 + ">",
        "</" * 300_000,
        "<ul><li>" * 50_000,
        "<p><svg><style>" * 50_000,
    ],
    ids=range(10),
)
def test_a_bomb_is_cleaned_in_seconds(html):
    """Uncut, the first keeps the cleaner busy for minutes, the second eats all memory."""
    started = time.process_time()

    nh3.clean(tidy(html, tags=TAGS), tags=TAGS)
    text_of(html)

    assert time.process_time() - started < 8


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b<br>c</p>", "a\n\nb\nc"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<table><tr><td>1<td>2<tr><td>3</table>", "1\t2\n3"),
        ("a &lt;b&gt;&nbsp;c  \n d", "a <b> c d"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<style>p{}</style><p>x</p>", "x"),
    ],
)
def test_html_is_read_as_text(html, text):
    assert text_of(html) == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\nb\r\n\r\n\r\nc", "<p>a<br>b</p><p>c</p>"),
        ("<b>&", "<p>&lt;b&gt;&amp;</p>"),
        ("\n\n", ""),
    ],
)
def test_text_becomes_paragraphs(text, html):
    assert html_of(text) == html


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p onclick=x>a <u>b</u></p>", "<p>a <u>b</u></p>"),
        ('<a href="javascript:x">y</a>', '<a rel="noopener noreferrer">y</a>'),
        (
            '<a href="{webmail_url}">y</a>',
            '<a href="{webmail_url}" rel="noopener noreferrer">y</a>',
        ),
        ('<p style="position:fixed">x</p>', "<p>x</p>"),
        ("<img src=x onerror=alert(1)>x", "x"),
        ("<p></p><p><br></p>", ""),
    ],
)
def test_rich_text_keeps_what_the_editor_can_make(written, kept):
    assert clean_rich_text(written) == kept
