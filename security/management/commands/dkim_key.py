from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from admin_platform.operator import Operator
from orgs.models import Domain
from security.errors import SecurityRefused
from security.models import DkimKey
from security.services.dkim import activate_dkim_key, make_dkim_key, remove_dkim_key


class Command(BaseCommand):
    help = (
        "The DKIM keys of a domain: list them with their records, make one, sign with it "
        "(activate) once its record is published, remove a former one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("domain")
        parser.add_argument("step", nargs="?", choices=["list", "make", "activate", "remove"])
        parser.add_argument("--selector", help="which key to activate or remove")

    def handle(self, *args: object, **options: Any) -> None:
        domain = Domain.objects.filter(name=options["domain"].lower()).first()
        if domain is None:
            raise CommandError(f"{options['domain']} is no domain of an organization.")
        actor = Operator.system(organization_id=domain.organization_id, name="dkim_key")
        if options["step"] == "make":
            make_dkim_key(domain=domain, actor=actor)
        elif options["step"] == "activate":
            activate_dkim_key(key=_key(domain, options["selector"]), actor=actor)
        elif options["step"] == "remove":
            _remove(_key(domain, options["selector"]), actor)
        for key in domain.dkim_keys.order_by("id"):
            signs = " (signs)" if key.is_active else ""
            self.stdout.write(f'{key.record_name}{signs} TXT "{key.public_record}"')


def _key(domain: Domain, selector: str | None) -> DkimKey:
    """The one that is named; where none is, the only one that does not sign."""
    keys = domain.dkim_keys.all()
    found = list(keys.filter(selector=selector) if selector else keys.filter(is_active=False))
    if len(found) != 1:
        known = ", ".join(keys.values_list("selector", flat=True)) or "none"
        raise CommandError(f"Say which key with --selector; there are: {known}.")
    return found[0]


def _remove(key: DkimKey, actor: Operator) -> None:
    try:
        remove_dkim_key(key=key, actor=actor)
    except SecurityRefused as refusal:
        raise CommandError(str(refusal)) from refusal
