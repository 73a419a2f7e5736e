"""The rules of an organization's passwords, one object each: told, checked, ticked off."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.hashers import check_password
from django.utils.translation import gettext as _

from accounts import password_checks as checks
from accounts.models import Account
from security.choices import DigitRuns
from security.leaked import is_leaked
from security.models import PasswordRule


@dataclass(frozen=True, slots=True)
class Rule:
    """code, data: what static/js/password_rules.js knows it by and needs to check it.

    on_saving: is looked at only when the password is set. Telling it while somebody types
    would let whoever sits down at an open session try out the present password.
    """

    code: str
    text: str
    holds: Callable[[str], bool]
    data: dict[str, str] = field(default_factory=dict)
    on_saving: bool = False


def rules_of(account: Account, settings: PasswordRule) -> list[Rule]:
    """account: saved or not; its name, pinyin and local part count, and its former passwords."""
    rules = [_length(settings), _classes(settings), _digits(settings), _keyboard(settings)]
    rules += [_names(account, settings), _leaked(settings), _history(account, settings)]
    return [rule for rule in rules if rule is not None]


def broken_rules(password: str, account: Account, settings: PasswordRule) -> list[Rule]:
    """What the password breaks. Former passwords cost a hash each, so they are asked last."""
    rules = rules_of(account, settings)
    broken = [rule for rule in rules if not rule.on_saving and not rule.holds(password)]
    return broken or [rule for rule in rules if rule.on_saving and not rule.holds(password)]


def _length(settings: PasswordRule) -> Rule:
    least, most = settings.min_length, settings.max_length
    return Rule(
        "length",
        _("%(least)d to %(most)d characters.") % {"least": least, "most": most},
        lambda password: least <= len(password) <= most,
        {"least": str(least), "most": str(most)},
    )


def _classes(settings: PasswordRule) -> Rule | None:
    least = settings.min_classes
    if least < 2:
        return None
    text = (
        _("Upper-case letters, lower-case letters, digits and other characters, all of them.")
        if least == 4
        else _(
            "At least %(least)d of these: upper-case letters, lower-case letters, "
            "digits, other characters."
        )
    )
    return Rule(
        "classes",
        text % {"least": least},
        lambda password: checks.count_classes(password) >= least,
        {"least": str(least)},
    )


def _digits(settings: PasswordRule) -> Rule | None:
    if settings.digit_runs == DigitRuns.NO_SEQUENCE:
        text = _("No three digits in sequence, such as 123, 321 or 111.")
        return Rule("digit-sequence", text, lambda p: not checks.has_digit_sequence(p))
    if settings.digit_runs == DigitRuns.NONE:
        text = _("No three digits side by side.")
        return Rule("digit-run", text, lambda p: not checks.has_any_digit_run(p))
    return None


def _keyboard(settings: PasswordRule) -> Rule | None:
    if not settings.no_keyboard_runs:
        return None
    return Rule(
        "keyboard",
        _("No four neighbouring keys, such as qwer or 1qaz."),
        lambda password: not checks.has_keyboard_run(password),
        {"rows": " ".join(checks.KEYBOARD_ROWS), "run": str(checks.KEYBOARD_RUN)},
    )


def _names(account: Account, settings: PasswordRule) -> Rule | None:
    if not settings.no_names:
        return None
    words = checks.words_of(account.local_part, account.name, account.pinyin)
    return Rule(
        "words",
        _("Without the name, its pinyin or the account inside."),
        lambda password: not checks.contains_word(password, words),
        {"words": json.dumps(words, ensure_ascii=False)},
    )


def _leaked(settings: PasswordRule) -> Rule | None:
    if not settings.no_leaked:
        return None
    text = _("None of the passwords known from leaks, such as password1.")
    return Rule("leaked", text, lambda password: not is_leaked(password))


def _history(account: Account, settings: PasswordRule) -> Rule | None:
    if not settings.history or account.pk is None:
        return None
    text = _("Not the present password, and none of the last %(n)d before it.")
    return Rule(
        "history",
        text % {"n": settings.history},
        lambda password: not _was_used(password, account, settings.history),
        on_saving=True,
    )


def _was_used(password: str, account: Account, history: int) -> bool:
    newest = account.previous_passwords.order_by("-pk").values_list("encoded", flat=True)
    return any(check_password(password, old) for old in (account.password, *newest[:history]))
