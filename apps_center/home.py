from django.utils.translation import gettext_lazy as _

from admin_platform.home import Text, register_feature
from admin_platform.http import ConsoleRequest
from apps_center.selectors import backup_rules


def backup_state(request: ConsoleRequest) -> Text:
    rules = backup_rules(request.operator.at("backup.view"))
    return _("Switched on") if rules.exists() else _("Switched off")


register_feature("backup", backup_state)
