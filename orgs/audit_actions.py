from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions
from admin_platform.audit_values import register_values

register_actions(
    {
        "organization.created": _("Created organization {target}"),
        "organization.changed": _("Changed organization {target}"),
        "domain.created": _("Added domain {target}"),
        "department.created": _("Created department {target}"),
        "department.changed": _("Changed department {target}"),
        "department.moved": _("Moved department {target}"),
        "department.ordered": _("Changed the place of department {target}"),
        "department.deleted": _("Deleted department {target}"),
        "department.imported": _("Imported departments into {target}"),
        "contact.created": _("Created shared contact {target}"),
        "contact.changed": _("Changed shared contact {target}"),
        "contact.moved": _("Moved shared contact {target}"),
        "contact.deleted": _("Deleted shared contact {target}"),
        "contact.imported": _("Imported shared contacts"),
        "contact.exported": _("Exported shared contacts"),
    }
)
register_actions(
    {
        "contact_group.created": _("Created group of contacts {target}"),
        "contact_group.renamed": _("Renamed group of contacts {target}"),
        "contact_group.ordered": _("Changed the place of group of contacts {target}"),
        "contact_group.deleted": _("Deleted group of contacts {target}"),
    },
    chapter="addressbook",
)

register_values(
    {
        "parent": _("parent department"),
        "path": _("Place in the tree"),
        "place": _("Place among its neighbours"),
    }
)
register_values(
    {
        "file": _("File"),
        "created": _("New departments"),
        "described": _("Changed descriptions"),
        "reordered": _("Changed places"),
    },
    action="department.imported",
)
register_values({"file": _("File"), "contacts": _("Contacts")}, action="contact.imported")
register_values({"contacts": _("Contacts")}, action="contact.exported")
register_values({"contacts": _("Contacts")}, action="contact_group.deleted")
