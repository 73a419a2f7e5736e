"""The columns of the table from which accounts are imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_platform.operator import Operator
from admin_platform.spreadsheets import Column
from orgs.models import Department, Organization
from orgs.paths import join_path
from orgs.selectors.departments import departments_by_path
from orgs.selectors.organizations import mail_domains

# Drop-downs with more entries help nobody.
MAX_LISTED_DEPARTMENTS = 2000

COLUMNS = (
    Column(
        "account",
        gettext_lazy("Account"),
        required=True,
        also=("帐号前缀", "账号", "用户名", "邮箱地址", "address", "email"),
        note=gettext_lazy("The part before “@”, such as wei.zhang, or the whole address."),
        width=24,
    ),
    Column(
        "name",
        gettext_lazy("Full name"),
        required=True,
        also=("名字", "name"),
        note=gettext_lazy("As colleagues see it in the directory; 64 characters at most."),
    ),
    Column(
        "domain",
        gettext_lazy("Domain"),
        note=gettext_lazy("Empty: the domain chosen when uploading."),
        width=20,
    ),
    Column(
        "department",
        gettext_lazy("Department"),
        also=("所属部门", "部门路径"),
        note=gettext_lazy(
            "The whole path, such as Research / Platform. "
            "Empty: the department chosen when uploading."
        ),
        width=32,
        strict=False,
    ),
    Column(
        "password",
        gettext_lazy("Initial password"),
        also=("密码", "登录密码", "password"),
        note=gettext_lazy(
            "Empty: the system makes one up, and the list can be downloaded after the import."
        ),
        width=18,
    ),
    Column("mobile", gettext_lazy("Mobile"), also=("手机", "手机号码", "联系电话"), width=16),
    Column("employee_no", gettext_lazy("Employee no."), also=("员工编号",), width=14),
    Column("title", gettext_lazy("Position"), also=("职位", "岗位"), width=16),
    Column(
        "mailbox",
        gettext_lazy("Create mailbox"),
        also=("邮箱", "是否创建邮箱"),
        note=gettext_lazy("Empty: yes."),
        width=12,
    ),
    Column(
        "quota",
        gettext_lazy("Mailbox size (GB)"),
        also=("邮箱空间", "邮箱容量", "容量", "quota"),
        note=gettext_lazy("Empty: the organization's default. 0: without limit, where allowed."),
        width=14,
    ),
    Column(
        "aliases",
        gettext_lazy("Aliases"),
        also=("邮箱别名",),
        note=gettext_lazy("Several are separated by semicolons."),
        width=28,
    ),
    Column(
        "expires",
        gettext_lazy("Valid until"),
        also=("到期日", "有效期至", "过期时间"),
        note=gettext_lazy("The last day, such as 2027-12-31. Empty: for ever."),
        width=14,
    ),
)


def template_columns(operator: Operator, organization: Organization) -> list[Column]:
    """The columns with the choices that the operator has."""
    choices = {
        "domain": tuple(mail_domains(organization).values_list("name", flat=True)),
        "department": listed_departments(operator, organization),
        "mailbox": (_("Yes"), _("No")),
    }
    return [replace(column, choices=choices.get(column.code, ())) for column in COLUMNS]


def listed_departments(operator: Operator, organization: Organization) -> tuple[str, ...]:
    """The paths of the first departments in scope, in the order of the tree."""
    in_scope = set(operator.scope(Department.objects.all()).values_list("pk", flat=True))
    paths = departments_by_path(organization)
    listed = (join_path(path) for path, pk in paths.items() if path and pk in in_scope)
    return tuple(listed)[:MAX_LISTED_DEPARTMENTS]


def reason_column() -> Column:
    return Column("reason", gettext_lazy("What is wrong"), width=60)


def template_notes() -> Sequence[str]:
    return (
        _("One row for each account. Headings with an asterisk must be filled in."),
        _("Do not rename the headings; columns that are not needed may be deleted."),
        _("At most 100,000 rows in a file. Formulas and merged cells are not read."),
    )
