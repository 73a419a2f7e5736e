"""What organizations say of spam, as one map of Rspamd's settings.

Of the settings that fit a message Rspamd takes those whose name sorts first: members before
deny lists, these before allow lists, and all of them before an organization's scores. Mail
to several organizations at once is judged once, by the first that fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import summarize_address_range
from typing import Any

from security.choices import ListedAs, ListedKind, SpamAction
from security.models import SpamRule
from security.ranges import AddressRange
from security.selectors.spam import SpamPolicy, spam_policies

Setting = dict[str, Any]

DENIED = "Message refused: the sender is on the deny list"
# No message reaches the one, each reaches the other.
OUT_OF_REACH, ALWAYS = 100_000.0, -100_000.0
NEVER_SPAM = {
    "reject": OUT_OF_REACH,
    "add header": OUT_OF_REACH,
    "rewrite subject": OUT_OF_REACH,
}
# Viruses and forgeries are refused all the same (force_actions.conf).
ALLOW = {"actions": NEVER_SPAM}
DENY = {"actions": {**NEVER_SPAM, "reject": ALWAYS}, "messages": {"smtp_message": DENIED}}
LISTS = (("1-deny", ListedAs.DENY, DENY), ("2-allow", ListedAs.ALLOW, ALLOW))


def settings_map() -> dict[str, Setting]:
    """By name; each says whom it fits (all of it must) and what applies to them."""
    settings = {"0-members": {"priority": "high", "authenticated": True, "apply": ALLOW}}
    for policy in spam_policies():
        settings |= _settings_of(policy)
    return settings


def _settings_of(policy: SpamPolicy) -> dict[str, Setting]:
    fits: Setting = {"priority": "high", "rcpt": _pattern("@", policy.domains)}
    settings = {}
    for prefix, listed_as, apply in LISTS:
        for condition, value in _senders(policy, listed_as):
            name = f"{prefix}-{policy.organization_id}-{condition}"
            settings[name] = {**fits, condition: value, "apply": apply}
    if policy.rule is not None:
        settings[f"3-rule-{policy.organization_id}"] = {**fits, "apply": _scores(policy.rule)}
    return settings


def _senders(policy: SpamPolicy, listed_as: ListedAs) -> Iterator[tuple[str, Any]]:
    """Conditions, any of which is enough: envelope sender, From header, client's address."""
    addresses = policy.entries.get((listed_as, ListedKind.ADDRESS), [])
    domains = policy.entries.get((listed_as, ListedKind.DOMAIN), [])
    patterns = [_pattern("^", addresses)] if addresses else []
    patterns += [_pattern("[@.]", domains)] if domains else []
    if patterns:
        yield "from", patterns
        yield "from_mime", patterns
    if ranges := policy.entries.get((listed_as, ListedKind.IP)):
        yield "ip", _networks(ranges)


def _pattern(before: str, texts: Iterable[str]) -> str:
    """One regular expression, as Rspamd compares addresses as they are written."""
    escaped = "|".join(re.escape(text).replace("/", r"\/") for text in texts)
    return f"/{before}(?:{escaped})$/i"


def _networks(ranges: Iterable[str]) -> list[str]:
    parsed = (AddressRange.parse(text) for text in ranges)
    networks = (n for r in parsed for n in summarize_address_range(r.first, r.last))
    # A single address is written without a mask.
    return [str(n[0]) if n.num_addresses == 1 else str(n) for n in networks]


def _scores(rule: SpamRule) -> Setting:
    spam, refuse = rule.scores
    if rule.action == SpamAction.REFUSE:
        return {"actions": {**NEVER_SPAM, "reject": spam}}
    if rule.action == SpamAction.TAG:
        actions = {**NEVER_SPAM, "reject": refuse, "rewrite subject": spam}
        return {"actions": actions, "subject": f"{rule.subject_tag} %s"}
    return {"actions": {**NEVER_SPAM, "reject": refuse, "add header": spam}}
