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
_UNLOCK = frozenset({"lockout.view", "lockout.manage", "signin_log.view"})
_SIGN_IN_HELP = frozenset(
    {"member_security.view", "member_security.reset", "member_security.end_sessions"}
)

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
        | _UNLOCK
        | _SIGN_IN_HELP
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
            "announcement.view",
            "announcement.manage",
            "volume.view",
        },
    ),
    AUDITOR: Preset(
        _("Auditor"),
        _("Sees accounts, settings, logs and reports; changes nothing."),
        _VIEW,
    ),
    HELPDESK: Preset(
        _("Helpdesk"),
        _("Looks accounts up, resets passwords and unlocks accounts."),
        _VIEW | _UNLOCK | _SIGN_IN_HELP | {"account.password"},
    ),
}


def preset_functions(code: str) -> list[str]:
    """The function codes of a preset role, sorted."""
    preset = PRESETS[code]
    if preset.functions is None:
        return sorted(functions.codes())
    chosen = set(preset.functions)
    if code == AUDITOR:
        # Reading members' mail is no such function, but one of its own (mail.read).
        chosen |= {f.code for f in functions.all_functions() if f.is_view}
    return sorted(chosen)
