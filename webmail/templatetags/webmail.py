from django import template

from webmail.selectors.folders import LABELS

register = template.Library()


@register.filter
def folder_label(name: str) -> str:
    """What a folder is called on pages."""
    return str(LABELS.get(name, (name, ""))[0])
