from orgs.models.department import Department, DepartmentCount
from orgs.models.domain import Domain
from orgs.models.notice import ProviderNotice
from orgs.models.organization import Organization, Reseller

__all__ = [
    "Department",
    "DepartmentCount",
    "Domain",
    "Organization",
    "ProviderNotice",
    "Reseller",
]
