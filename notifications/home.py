from django.utils.translation import gettext_lazy as _

from admin_platform.home import Text, register_feature
from admin_platform.http import ConsoleRequest
from notifications.selectors.welcome import welcome_letter_of


def welcome_state(request: ConsoleRequest) -> Text:
    letter = welcome_letter_of(request.user.organization_id)
    return _("Switched on") if letter.enabled else _("Switched off")


register_feature("welcome", welcome_state)
