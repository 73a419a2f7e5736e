import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.passwords import generate_password
from admin_platform.demo import company
from admin_platform.demo.build import DemoCompany
from admin_platform.embedded.files import write_private
from orgs.models import Organization

# Who can be signed in as, by the names that demo.json gives them.
PEOPLE = {
    "administrator": f"{company.ADMINISTRATOR}@{company.DOMAIN}",
    "department_administrator": f"{company.DEPARTMENT_ADMINISTRATOR}@{company.DOMAIN}",
    "auditor": f"{company.AUDITOR}@{company.DOMAIN}",
    "helpdesk": f"{company.HELPDESK}@{company.DOMAIN}",
    "member": f"{company.MEMBER}@{company.DOMAIN}",
    "staff": f"{company.STAFF}@{company.PROVIDER_DOMAIN}",
}


class Command(BaseCommand):
    help = "Make a demo company of 60 people, with passwords made up for it, in an empty database."

    def handle(self, *args: object, **options: object) -> None:
        if Organization.objects.exists():
            raise CommandError("There are organizations already; the demo wants an empty database.")
        passwords = {address: generate_password() for address in PEOPLE.values()}
        DemoCompany(passwords).build()
        accounts = {
            name: {"address": address, "password": passwords[address]}
            for name, address in PEOPLE.items()
        }
        write_private(settings.VAR_DIR / "demo_accounts.json", json.dumps(accounts, indent=2))
