from orgs.models.contact import Contact, ContactGroup
from orgs.models.department import (
    DESCRIPTION_MAX_LENGTH,
    MAX_LEVELS,
    NAME_MAX_LENGTH,
    Department,
    DepartmentCount,
)
from orgs.models.domain import Domain
from orgs.models.notice import ProviderNotice
from orgs.models.organization import Organization, Reseller

__all__ = [
    "DESCRIPTION_MAX_LENGTH",
    "MAX_LEVELS",
    "NAME_MAX_LENGTH",
    "Contact",
    "ContactGroup",
    "Department",
    "DepartmentCount",
    "Domain",
    "Organization",
    "ProviderNotice",
    "Reseller",
]
