import uuid

import factory
from django.contrib.auth.hashers import make_password

from accounts.choices import AddressKind
from accounts.models import Account, Address, Grant, Mailbox, Membership, Role
from admin_platform.name_pinyin import name_pinyin
from admin_platform.operator import Operator
from tests.factories.orgs import DepartmentFactory, DomainFactory, OrganizationFactory

PASSWORD = "Quiet-Harbour-19"


class AccountFactory(factory.django.DjangoModelFactory[Account]):
    """An account with its address, primary department and, unless mailbox=False, mailbox."""

    class Meta:
        model = Account
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    domain = factory.SubFactory(DomainFactory, organization=factory.SelfAttribute("..organization"))
    local_part = factory.Sequence(lambda n: f"member{n}")
    address = factory.LazyAttribute(lambda o: f"{o.local_part}@{o.domain.name}")
    name = factory.Sequence(lambda n: f"Member {n}")
    pinyin = factory.LazyAttribute(lambda o: name_pinyin(o.name))
    password = factory.LazyFunction(lambda: make_password(PASSWORD))

    @factory.post_generation
    def department(self, create, extracted, **kwargs):  # type: ignore[no-untyped-def]
        department = extracted or DepartmentFactory(organization=self.organization)
        Membership.objects.create(account=self, department=department, is_primary=True)
        Address.objects.create(
            address=self.address,
            local_part=self.local_part,
            domain=self.domain,
            kind=AddressKind.PRIMARY,
            account=self,
        )

    @factory.post_generation
    def mailbox(self, create, extracted, **kwargs):  # type: ignore[no-untyped-def]
        """mailbox=False for none; mailbox__quota_bytes=… and the like for one with other values."""
        if extracted is not False:
            defaults = {"quota_bytes": 10 * 1024**3, "store_path": uuid.uuid4().hex}
            Mailbox.objects.create(account=self, **(defaults | kwargs))


def alias(account: Account, address: str) -> Address:
    local_part = address.partition("@")[0]
    return Address.objects.create(
        address=address,
        local_part=local_part,
        domain=account.domain,
        kind=AddressKind.ALIAS,
        account=account,
    )


def grant(account: Account, preset: str, *departments) -> Grant:  # type: ignore[no-untyped-def]
    """Give a preset role within departments; without any, in the whole organization."""
    made = Grant.objects.create(
        organization=account.organization,
        account=account,
        role=Role.objects.get(code=preset),
        granted_by_name="test",
    )
    made.departments.set(departments or [DepartmentFactory(organization=account.organization)])
    return made


def grant_functions(account: Account, *functions: str) -> Grant:
    """Give a role of the organization's own with just these functions, everywhere."""
    role = Role.objects.create(
        organization=account.organization, name=", ".join(functions), functions=list(functions)
    )
    made = Grant.objects.create(
        organization=account.organization, account=account, role=role, granted_by_name="test"
    )
    made.departments.set([DepartmentFactory(organization=account.organization)])
    return made


def system_operator(organization=None) -> Operator:  # type: ignore[no-untyped-def]
    return Operator.system(organization_id=organization.pk if organization else None)
