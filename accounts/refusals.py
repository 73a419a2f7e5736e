from django.http import HttpRequest

from accounts.selectors.organizations import full_administrators
from admin_platform.refusals import register

NAMED = 3


@register
def administrators(request: HttpRequest) -> list[str]:
    if not request.user.is_authenticated:
        return []
    others = full_administrators(request.user.organization).exclude(pk=request.user.pk)
    return [f"{account.name} <{account.address}>" for account in others[:NAMED]]
