"""Tags and filters of the console's pages."""

from datetime import date

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from admin_platform import audit
from admin_platform.models import AuditRecord
from admin_platform.operator import TreeNode

register = template.Library()

UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


@register.simple_tag
def icon(name: str, css: str = "icon") -> SafeString:
    """A picture of icons.svg; decoration only, so a button needs a name of its own."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        css,
        static("icons.svg"),
        name,
    )


@register.filter
def size(number: int | None) -> str:
    """Bytes as people read them: 0 B, 3.2 GB, 10 GB."""
    return " ".join(_in_unit(number))


@register.filter
def size_of(part: int | None, whole: int | None) -> str:
    """How much of a limit is used, in its unit: 3.2 / 10 GB; 0 is no limit: 3.2 GB."""
    if not whole:
        return size(part)
    limit, unit = _in_unit(whole)
    return f"{(part or 0) / 1024 ** UNITS.index(unit):.1f} / {limit} {unit}"


def _in_unit(number: int | None) -> tuple[str, str]:
    value, unit = float(number or 0), 0
    while value >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1024, unit + 1
    text = f"{value:.1f}".removesuffix(".0") if value < 100 else f"{value:.0f}"
    return text, UNITS[unit]


CHINESE_NUMERALS = "〇一二三四五六七八九"


def chinese_date(day: date) -> str:
    """二〇二六年三月十二日, as letters are dated."""
    year = "".join(CHINESE_NUMERALS[int(digit)] for digit in str(day.year))
    return f"{year}年{_chinese_number(day.month)}月{_chinese_number(day.day)}日"


def _chinese_number(number: int) -> str:
    """1 to 99: 九, 十, 二十一."""
    tens, ones = divmod(number, 10)
    ten = "十" if tens else ""
    return (CHINESE_NUMERALS[tens] if tens > 1 else "") + ten + CHINESE_NUMERALS[ones][: ones > 0]


@register.simple_tag
def letter_date() -> str:
    """Today, as letters are dated."""
    return chinese_date(timezone.localdate())


@register.filter
def initial(name: str) -> str:
    """The one letter that stands for a name in an avatar."""
    return name.strip()[:1].upper() or "?"


@register.filter
def percent_of(part: int | None, whole: int | None) -> int:
    """0 to 100; 0 of nothing is 0."""
    return min(100, (part or 0) * 100 // whole) if whole else 0


@register.filter
def bar_class(percent: int) -> str:
    """The state of a bar that fills up."""
    if percent >= 95:
        return "bar--danger"
    return "bar--warn" if percent >= 80 else ""


@register.filter
def sentence(record: AuditRecord) -> str:
    return audit.sentence(record)


@register.filter
def named(field: BoundField) -> SafeString:
    """The widget of a field alone; its label is there for screen readers only."""
    return field.as_widget(attrs={"aria-label": str(field.label)})


@register.simple_tag(takes_context=True)
def may(context: template.Context, function: str, department: object = None) -> bool:
    """Whether the operator of the page holds a function (within a department)."""
    operator = context.get("operator")
    return bool(operator and operator.can(function, department))


@register.simple_tag(takes_context=True)
def may_within(context: template.Context, function: str, department: TreeNode) -> bool:
    """Whether the operator of the page holds a function in a department or below it."""
    operator = context.get("operator")
    return bool(operator and operator.can_within(function, department))
