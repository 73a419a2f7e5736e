"""The preset roles and their functions (manual, 8.1)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admin_platform import functions

FULL_ADMINISTRATOR = "full_administrator"
DEPARTMENT_ADMINISTRATOR = "department_administrator"
AUDITOR = "auditor"
HELPDESK = "helpdesk"


@dataclass(frozen=True, slots=True)
class Preset:
    label: Promise
    description: Promise
    # None: every function there is.
    functions: frozenset[str] | None


_VIEW = frozenset({"department.view", "account.view"})

PRESETS = {
    FULL_ADMINISTRATOR: Preset(
        _("Organization administrator"),
        _("Everything, in the whole organization."),
        None,
    ),
    DEPARTMENT_ADMINISTRATOR: Preset(
        _("Department administrator"),
        _("Departments and accounts within the granted departments."),
        _VIEW
        | {
            "department.manage",
            "account.create",
            "account.import",
            "account.change",
            "account.password",
            "account.move",
            "account.status",
            "account.delete",
            "account.export",
        },
    ),
    AUDITOR: Preset(
        _("Auditor"),
        _("Sees accounts, logs and reports; changes nothing."),
        _VIEW | {"role.view", "grant.view", "domain.view", "contact.view"},
    ),
    HELPDESK: Preset(
        _("Helpdesk"),
        _("Looks accounts up and resets passwords."),
        _VIEW | {"account.password"},
    ),
}

# Functions that show something and are no member's private matter; an auditor has them all.
_AUDITED_CHAPTERS = {"analytics"}


def preset_functions(code: str) -> list[str]:
    """The function codes of a preset role, sorted."""
    preset = PRESETS[code]
    if preset.functions is None:
        return sorted(functions.codes())
    chosen = set(preset.functions)
    if code == AUDITOR:
        chosen |= {
            f.code
            for f in functions.all_functions()
            if f.chapter in _AUDITED_CHAPTERS and f.code.endswith(".view")
        }
    return sorted(chosen)
