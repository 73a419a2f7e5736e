"""Making the demo company with the services that people use, nothing behind their back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.choices import AccountStatus
from accounts.models import Account, Role
from accounts.presets import AUDITOR, DEPARTMENT_ADMINISTRATOR, FULL_ADMINISTRATOR, HELPDESK
from accounts.services.accounts import Person as AccountPerson
from accounts.services.accounts import create_account
from accounts.services.grants import grant_role
from accounts.services.mailboxes import MailboxSettings
from accounts.services.status import StatusChange, set_status
from admin_platform.demo import company
from admin_platform.demo.letters import LETTERS
from admin_platform.operator import Operator
from mailing_lists.services.lists import add_members, create_list
from orgs.models import Department, Domain, Organization, ProviderNotice, Reseller
from orgs.services.departments import create_department
from orgs.services.organizations import create_domain, create_organization, root_department
from webmail.services.composing import Written
from webmail.services.sending import send

GIB = 1024**3


class DemoCompany:
    """Everything below one organization; `passwords` names them by address."""

    def __init__(self, password_for: dict[str, str]) -> None:
        self.password_for = password_for
        self.actor = Operator.system(name=company.STAFF_NAME)
        self.departments: dict[str, Department] = {}
        self.accounts: dict[str, Account] = {}

    def build(self) -> None:
        self._provider()
        with transaction.atomic():
            self._organization()
            self._tree()
            self._people()
            self._states()
            self._roles()
            self._lists()
        self._mail()

    def _provider(self) -> None:
        """The organization that runs the platform, with one account for support."""
        with transaction.atomic():
            provider = create_organization(
                name=company.PROVIDER, actor=self.actor, is_provider=True, seats=20
            )
            domain = create_domain(
                organization=provider, name=company.PROVIDER_DOMAIN, actor=self.actor
            )
            root = root_department(provider)
            staff = self._account(root, domain, company.STAFF, company.STAFF_NAME)
            staff.is_staff = staff.is_superuser = True
            staff.save(update_fields=["is_staff", "is_superuser"])
            self._grant(staff, FULL_ADMINISTRATOR, [root])
        ProviderNotice.objects.bulk_create(
            ProviderNotice(title=title, body=body) for title, body in company.NOTICES
        )

    def _organization(self) -> None:
        reseller = Reseller.objects.create(
            name="杭州清和信息技术服务有限公司",
            phone="0571-0000-0163",
            email="service@qinghe.example",
        )
        self.organization: Organization = create_organization(
            name=company.COMPANY,
            short_name=company.SHORT_NAME,
            reseller=reseller,
            actor=self.actor,
            # Room for the import of a file with 1,000 rows.
            seats=2000,
            storage_bytes=20 * 1024**4,
            service_until=date(date.today().year + 1, 12, 31),
        )
        self.domain: Domain = create_domain(
            organization=self.organization, name=company.DOMAIN, actor=self.actor
        )
        self.second: Domain = create_domain(
            organization=self.organization, name=company.SECOND_DOMAIN, actor=self.actor
        )
        create_domain(
            organization=self.organization,
            name=company.DOMAIN_ALIAS,
            actor=self.actor,
            alias_of=self.domain,
        )

    def _tree(self) -> None:
        root = root_department(self.organization)
        self.departments[root.name] = root
        above = [root]
        for line in company.TREE.strip("\n").splitlines():
            level = (len(line) - len(line.lstrip())) // 2
            department = create_department(parent=above[level], name=line.strip(), actor=self.actor)
            self.departments[department.name] = department
            above[level + 1 :] = [department]

    def _people(self) -> None:
        for people, domain in (
            (company.PEOPLE, self.domain),
            (company.SECOND_DOMAIN_PEOPLE, self.second),
        ):
            for number, person in enumerate(people, start=1):
                self.accounts[person.local_part] = self._account(
                    self.departments[person.department],
                    domain,
                    person.local_part,
                    person.name,
                    title=person.title,
                    employee_no=f"YQ-{domain.pk}{number:03}",
                    mobile=f"1380000{number:04}",
                    aliases=[f"{alias}@{domain.name}" for alias in person.aliases],
                )

    def _account(
        self,
        department: Department,
        domain: Domain,
        local_part: str,
        name: str,
        *,
        aliases: Iterable[str] = (),
        **details: str,
    ) -> Account:
        return create_account(
            departments=[department],
            domain=domain,
            local_part=local_part,
            person=AccountPerson(name=name, **details),  # type: ignore[arg-type]
            actor=self.actor,
            password=self.password_for.get(f"{local_part}@{domain.name}", ""),
            must_change_password=False,
            mailbox=MailboxSettings(quota_bytes=10 * GIB),
            aliases=list(aliases),
        ).account

    def _states(self) -> None:
        now = timezone.now()
        away, days = company.AWAY
        self._set_status(
            [away], StatusChange(AccountStatus.FROZEN, frozen_until=now + timedelta(days=days))
        )
        self._set_status([company.LEFT], StatusChange(AccountStatus.DISABLED))
        stay = now + timedelta(days=company.GUEST_DAYS)
        self._set_status(
            [person.local_part for person in company.SECOND_DOMAIN_PEOPLE],
            StatusChange(AccountStatus.ACTIVE, changes_expiry=True, expires_at=stay),
        )

    def _set_status(self, local_parts: Iterable[str], change: StatusChange) -> None:
        account_ids = [self.accounts[local_part].pk for local_part in local_parts]
        set_status(account_ids=account_ids, change=change, actor=self.actor)

    def _roles(self) -> None:
        root = self.departments[company.SHORT_NAME]
        administrated = self.departments[company.DEPARTMENT_ADMINISTRATED]
        for local_part, preset, department in (
            (company.ADMINISTRATOR, FULL_ADMINISTRATOR, root),
            (company.DEPARTMENT_ADMINISTRATOR, DEPARTMENT_ADMINISTRATOR, administrated),
            (company.AUDITOR, AUDITOR, root),
            (company.HELPDESK, HELPDESK, root),
        ):
            self._grant(self.accounts[local_part], preset, [department])

    def _grant(self, account: Account, preset: str, departments: list[Department]) -> None:
        grant_role(
            account=account,
            role=Role.objects.get(code=preset),
            departments=departments,
            actor=self.actor,
        )

    def _lists(self) -> None:
        for wanted in company.LISTS:
            made = create_list(
                domain=self.domain,
                local_part=wanted.local_part,
                name=wanted.name,
                in_directory=True,
                actor=self.actor,
            )
            add_members(
                mailing_list=made,
                departments=[self.departments[name] for name in wanted.departments],
                accounts=[self.accounts[name] for name in wanted.people],
                outside=wanted.outside,
                actor=self.actor,
            )

    def _mail(self) -> None:
        for letter in LETTERS:
            sender = self.accounts[letter.sender]
            written = Written(
                to=self._people_of(letter.to),
                cc=self._people_of(letter.cc),
                bcc="",
                subject=letter.subject,
                text=letter.text,
            )
            send(written=written, account=sender, ip=None)

    def _people_of(self, names: Iterable[str]) -> str:
        """As an address header: "陈思远 <siyuan.chen@yunqi.example>, …"."""
        return ", ".join(self._person(name) for name in names)

    def _person(self, name: str) -> str:
        address = name if "@" in name else f"{name}@{company.DOMAIN}"
        account = self.accounts.get(name)
        return f"{account.name} <{address}>" if account else address
