"""The rules beside a field in which a password is typed: {% password_rules form.password %}."""

import json
from typing import Any

from django import template
from django.forms import BoundField

from accounts.models import Account
from security.password_rules import rules_of
from security.selectors.password_rules import password_rule_of

register = template.Library()


@register.inclusion_tag("security/_password_rules.html", takes_context=True)
def password_rules(
    context: template.Context, field: BoundField, *, own: bool = False, person: object = None
) -> dict[str, Any]:
    """The list for a field of the form at hand, ticked off while somebody types.

    own: the password is the reader's own. person: the account that it is for; without one,
    name and account are those in the form's fields `name` and `local_part`.
    """
    reader: Account = context["request"].user
    names: dict[str, str] = {}
    if isinstance(person, Account):
        names = {name: getattr(person, name) for name in ("name", "local_part", "pinyin")}
    account = reader if own else Account(organization=reader.organization, **names)
    rules = rules_of(account, password_rule_of(reader.organization))
    return {
        "field": field,
        "own": own,
        "names": json.dumps(names) if names else "",
        "rules": [(rule, "") for rule in rules],
    }
