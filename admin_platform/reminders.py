"""What needs doing, on the home page (manual, 3③). Each app says what it knows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from admin_platform.http import ConsoleRequest

# In the order in which they are shown.
SEVERITIES = ("bad", "mid", "low")


@dataclass(frozen=True, slots=True)
class Reminder:
    """severity: bad (mail is lost or refused), mid (soon), low (worth knowing)."""

    severity: str
    icon: str
    text: str | Promise
    detail: str | Promise = ""
    url: str = ""
    action: str | Promise = ""


Provider = Callable[[ConsoleRequest], Iterable[Reminder]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    _providers.append(provider)
    return provider


def reminders_for(request: ConsoleRequest) -> list[Reminder]:
    found = [reminder for provider in _providers for reminder in provider(request)]
    return sorted(found, key=lambda reminder: SEVERITIES.index(reminder.severity))
