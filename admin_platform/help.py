"""The online help (manual, 3⑧): one topic for each function, written per language.

A topic is a template `help/<language>/<code>.html` of a menu entry, or one of the
frame's own. A function that is not built has none.
"""

from dataclasses import dataclass

from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from admin_platform import menu

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Topic:
    """entry: the function that the topic explains; None for the frame's own."""

    code: str
    label: Text
    template: str
    entry: menu.Entry | None = None


@dataclass(frozen=True, slots=True)
class TopicGroup:
    label: Text
    icon: str
    topics: list[Topic]


OWN_TOPICS = (("start", _("Signing in and finding your way")),)


def topic_groups() -> list[TopicGroup]:
    """All topics by chapter, in the order of the menu."""
    own = [topic for code, label in OWN_TOPICS if (topic := _topic(code, label))]
    groups = [TopicGroup(_("First steps"), "home", own)]
    for chapter in menu.CHAPTERS:
        entries = [e for e in menu.entries() if e.chapter == chapter.code and e.is_built]
        topics = [topic for e in entries if (topic := _topic(e.code, e.label, e))]
        groups.append(TopicGroup(chapter.label, chapter.icon, topics))
    return [group for group in groups if group.topics]


def find_topic(code: str) -> Topic | None:
    return next((t for group in topic_groups() for t in group.topics if t.code == code), None)


def _topic(code: str, label: Text, entry: menu.Entry | None = None) -> Topic | None:
    template = f"help/{get_language()}/{code}.html"
    try:
        get_template(template)
    except TemplateDoesNotExist:
        return None
    return Topic(code, label, template, entry)
