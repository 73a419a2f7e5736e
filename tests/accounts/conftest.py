from dataclasses import dataclass

import pytest

from accounts.models import Account
from accounts.presets import DEPARTMENT_ADMINISTRATOR, FULL_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from admin_platform.operator import Operator
from orgs.models import Department, Domain, Organization
from tests.factories.accounts import AccountFactory, grant
from tests.factories.orgs import DepartmentFactory, DomainFactory, OrganizationFactory


@dataclass
class Company:
    """Headquarters with sales (and within it export) and research, and two administrators."""

    organization: Organization
    domain: Domain
    root: Department
    sales: Department
    export: Department
    research: Department
    administrator: Account
    sales_administrator: Account

    @property
    def full(self) -> Operator:
        return operator_of(self.administrator)

    @property
    def of_sales(self) -> Operator:
        return operator_of(self.sales_administrator)

    @property
    def system(self) -> Operator:
        return Operator.system(organization_id=self.organization.pk)

    def account(self, department: Department | None = None, **fields: object) -> Account:
        return AccountFactory(
            organization=self.organization,
            domain=self.domain,
            department=department or self.sales,
            **fields,
        )


@pytest.fixture
def company(db) -> Company:
    organization = OrganizationFactory()
    domain = DomainFactory(organization=organization, name="yunqi.example")
    root = DepartmentFactory(organization=organization, name="云栖科技")
    sales = DepartmentFactory(parent=root, name="销售中心")
    research = DepartmentFactory(parent=root, name="研发中心")
    export = DepartmentFactory(parent=sales, name="华东大区")
    for department in (root, sales, research, export):
        department.refresh_from_db()
    common = {"organization": organization, "domain": domain}
    administrator = AccountFactory(**common, department=root, local_part="admin", name="林文博")
    sales_administrator = AccountFactory(**common, department=sales, local_part="sales.admin")
    grant(administrator, FULL_ADMINISTRATOR, root)
    grant(sales_administrator, DEPARTMENT_ADMINISTRATOR, sales)
    return Company(
        organization, domain, root, sales, export, research, administrator, sales_administrator
    )
