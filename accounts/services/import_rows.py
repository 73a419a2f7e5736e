"""What one row of an import means: the rules of the single form, without a query per row."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import checks
from accounts.errors import DepartmentOutOfScope, DomainNotUsable, PasswordRefused, TooManyAliases
from accounts.models import Account, AccountImport, ImportRow
from accounts.models.account_import import DROPPED
from accounts.passwords import check_password_rules
from admin_platform import crypto
from admin_platform.name_pinyin import name_pinyin
from admin_platform.operator import Operator
from orgs.models import MAX_LEVELS, Department, Organization
from orgs.paths import join_path, split_path
from orgs.selectors.departments import departments_by_path
from orgs.selectors.organizations import mail_domains

FUNCTION = "account.import"
YES = {"是", "yes", "y", "true", "1", "√", "开", "创建"}
NO = {"否", "no", "n", "false", "0", "×", "关", "不创建"}
_LIST_SEPARATORS = re.compile(r"[;；,，、\s]+")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?", re.ASCII)
DEPARTMENT_NAME_MAX_LENGTH = 64


@dataclass(frozen=True)
class Context:
    """What all rows of an import are checked against, read once for a chunk of them."""

    account_import: AccountImport
    organization: Organization
    operator: Operator
    domains: dict[str, int]
    departments: dict[tuple[str, ...], int]
    in_scope: frozenset[int]
    # Below these one may create departments.
    creatable: frozenset[int]
    root_name: str

    @classmethod
    def of(cls, account_import: AccountImport, operator: Operator) -> Context:
        organization = account_import.organization
        departments = Department.objects.all()
        root = departments.get(organization=organization, parent=None)
        return cls(
            account_import,
            organization,
            operator,
            dict(mail_domains(organization).values_list("name", "pk")),
            departments_by_path(organization),
            _ids(operator, FUNCTION, organization),
            _ids(operator, "department.manage", organization),
            root.name,
        )


def _ids(operator: Operator, function: str, organization: Organization) -> frozenset[int]:
    departments = Department.objects.filter(organization=organization)
    return frozenset(operator.at(function).scope(departments).values_list("pk", flat=True))


@dataclass
class RowCheck:
    """One row on its way from texts to values."""

    row: ImportRow
    context: Context
    clean: dict[str, Any] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)

    def text(self, code: str) -> str:
        return str(self.row.values.get(code, ""))

    def refuse(self, code: str, reason: str) -> None:
        value = "" if code == "password" else self.text(code)
        self.problems.append({"column": code, "value": value, "reason": reason})

    def take(self, code: str, check: Callable[[str], Any]) -> Any:
        """The checked value of a column; None, and a problem noted, where it has none."""
        try:
            return check(self.text(code))
        except ValidationError as error:
            self.refuse(code, " ".join(error.messages))
        except Exception as error:
            if not isinstance(error, (DomainNotUsable, DepartmentOutOfScope, TooManyAliases)):
                raise
            self.refuse(code, str(error))
        return None


def check_row(row: ImportRow, context: Context) -> RowCheck:
    """Everything that can be told of a row by itself. Cells with a mark were told when read."""
    check = RowCheck(row, context, problems=list(row.marks))
    _address(check)
    for code, rule in (
        ("name", checks.clean_name),
        ("mobile", checks.clean_mobile),
        ("employee_no", checks.clean_employee_no),
        ("title", checks.clean_title),
    ):
        check.clean[code] = check.take(code, rule)
    check.clean["pinyin"] = name_pinyin(check.clean["name"] or "")
    _department(check)
    _mailbox(check)
    check.clean["expires_at"] = check.take("expires", lambda text: _expiry(text, context))
    _password(check)
    return check


def _address(check: RowCheck) -> None:
    context = check.context
    local_part, at, domain = checks.normalise_address(check.text("account")).partition("@")
    named = checks.normalise_address(check.text("domain")).removeprefix("@")
    check.clean["local_part"] = check.take(
        "account", lambda _text: checks.clean_local_part(local_part)
    )
    name = domain or named or context.account_import.domain.name
    if at and named and domain != named:
        check.refuse("domain", _("This is another domain than that of the account."))
    if name not in context.domains:
        check.refuse("account" if at else "domain", str(DomainNotUsable(name)))
    check.clean["domain_id"] = context.domains.get(name)
    check.clean["address"] = f"{local_part}@{name}"
    check.clean["aliases"] = check.take("aliases", lambda text: _aliases(text, name, context))


def _aliases(text: str, domain: str, context: Context) -> list[str]:
    typed = [part for part in _LIST_SEPARATORS.split(text) if part]
    aliases = list(dict.fromkeys(checks.clean_alias(part, domain) for part in typed))
    if len(aliases) > checks.MAX_ALIASES:
        raise TooManyAliases(checks.MAX_ALIASES)
    for alias in aliases:
        if alias.rpartition("@")[2] not in context.domains:
            raise DomainNotUsable(alias.rpartition("@")[2])
    return aliases


def _department(check: RowCheck) -> None:
    path = check.take("department", lambda text: _path(text, check.context))
    if path is None:
        return
    context = check.context
    pk = context.departments.get(path)
    default = context.account_import.department_id
    if not path and not check.text("department"):
        if default is None:
            check.refuse("department", _("Enter a department, or choose one when uploading."))
            return
        pk = default
    if pk is not None:
        if pk not in context.in_scope:
            check.refuse("department", str(DepartmentOutOfScope(join_path(path))))
        check.clean["department_id"] = pk
        return
    reason = _why_not_created(path, context)
    if reason:
        check.refuse("department", reason)
    check.clean["department_path"] = list(path)


def _path(text: str, context: Context) -> tuple[str, ...]:
    if not text:
        return ()
    names = tuple(checks.clean_text(name) for name in split_path(text.replace("／", "/")))
    names = tuple(name for name in names if name)
    if names not in context.departments and names[:1] == (context.root_name,):
        return names[1:]
    return names


def _why_not_created(path: tuple[str, ...], context: Context) -> str:
    """Why a department that does not exist is not created on the way; "" if it is."""
    if not context.account_import.create_departments:
        like = _similar(path, context)
        if like:
            return _("There is no department “%(path)s”. Do you mean “%(like)s”?") % {
                "path": join_path(path),
                "like": like,
            }
        return _("There is no department “%(path)s”.") % {"path": join_path(path)}
    if len(path) > MAX_LEVELS:
        return _("The tree can have %(limit)d levels at most.") % {"limit": MAX_LEVELS}
    if any(len(name) > DEPARTMENT_NAME_MAX_LENGTH for name in path):
        return _("A department's name has %(limit)d characters at most.") % {
            "limit": DEPARTMENT_NAME_MAX_LENGTH
        }
    above = next(p for n in range(len(path), -1, -1) if (p := path[:n]) in context.departments)
    pk = context.departments[above]
    if pk in context.in_scope and pk in context.creatable:
        return ""
    return _("You may not create a department below “%(name)s”.") % {
        "name": join_path(above) or context.root_name
    }


def _similar(path: tuple[str, ...], context: Context) -> str:
    """The path of one department that may be meant: the same name elsewhere, or a like one."""
    if not path:
        return ""
    known = [p for p, pk in context.departments.items() if p and pk in context.in_scope]
    same = [p for p in known if p[-1] == path[-1]]
    if len(same) == 1:
        return join_path(same[0])
    siblings = {p[-1]: p for p in known if p[:-1] == path[:-1]}
    like = difflib.get_close_matches(path[-1], siblings, n=1, cutoff=0.7)
    return join_path(siblings[like[0]]) if like else ""


def _mailbox(check: RowCheck) -> None:
    check.clean["mailbox"] = check.take("mailbox", _is_yes)
    default = check.context.organization.default_quota_bytes
    check.clean["quota_bytes"] = check.take(
        "quota", lambda text: checks.clean_quota_gib(text) if text else default
    )


def _is_yes(text: str) -> bool:
    word = text.strip().lower()
    if not word or word in YES:
        return True
    if word in NO:
        return False
    raise ValidationError(_("Enter “Yes” or “No”."))


def _expiry(text: str, context: Context) -> str | None:
    """The moment in ISO format, for the staging row is JSON."""
    if not text:
        return None
    found = _DATE.fullmatch(text)
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(_("Enter a date such as 2027-12-31."))
    moment: datetime = checks.end_of_day(day, context.organization.time_zone)
    if moment <= datetime.now(moment.tzinfo):
        raise ValidationError(_("This day is over. Enter one in the future."))
    return moment.isoformat()


def _password(check: RowCheck) -> None:
    kept = check.text("password")
    if not kept:
        return
    if kept == DROPPED:
        check.refuse("password", _("Passwords are kept for a day only. Upload this row again."))
        return
    account = Account(
        local_part=check.clean["local_part"] or "",
        name=check.clean["name"] or "",
        pinyin=check.clean["pinyin"],
        organization=check.context.organization,
    )
    try:
        check_password_rules(crypto.decrypt(kept), account)
    except PasswordRefused as refusal:
        check.refuse("password", str(refusal))
