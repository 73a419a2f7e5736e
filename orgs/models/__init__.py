from orgs.models.department import MAX_LEVELS, NAME_MAX_LENGTH, Department, DepartmentCount
from orgs.models.domain import Domain
from orgs.models.notice import ProviderNotice
from orgs.models.organization import Organization, Reseller

__all__ = [
    "MAX_LEVELS",
    "NAME_MAX_LENGTH",
    "Department",
    "DepartmentCount",
    "Domain",
    "Organization",
    "ProviderNotice",
    "Reseller",
]
