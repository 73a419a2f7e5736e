from django.utils.translation import gettext_lazy as _

from accounts.services.deletion import FUNCTION as DELETE
from accounts.services.import_check import check_step
from accounts.services.import_rows import FUNCTION
from accounts.services.import_write import import_step
from accounts.services.imports import CHECK_KIND, IMPORT_KIND
from accounts.services.purge import KIND as PURGE_KIND
from accounts.services.purge import purge_step
from admin_platform.jobs import JobKind, register_kind

PAGE = "account-imports:of-job"
register_kind(JobKind(CHECK_KIND, _("Check of an import of accounts"), check_step, FUNCTION, PAGE))
register_kind(JobKind(IMPORT_KIND, _("Import of accounts"), import_step, FUNCTION, PAGE))
register_kind(JobKind(PURGE_KIND, _("Removal of deleted accounts"), purge_step, DELETE))
