"""Two organizations, one with 1,000 accounts and one with 1,000,000, in the same database.

Made by SQL alone: a million rows through the services would take hours, and what is
measured reads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from psycopg2 import sql

from accounts.models import Account, Role
from accounts.presets import FULL_ADMINISTRATOR
from accounts.services.grants import grant_role
from admin_platform.operator import Operator
from orgs.models import Department, Domain, Organization
from orgs.services.organizations import create_domain, create_organization, root_department

ACTOR = Operator.system(name="bench")


@dataclass(frozen=True, slots=True)
class Size:
    name: str
    departments: int
    accounts: int


SMALL = Size("small", 100, 1_000)
LARGE = Size("large", 10_000, 1_000_000)

# Ten departments below each one, so that 10,000 of them come to five levels.
DEPARTMENTS = """
WITH RECURSIVE numbered AS (
    SELECT n, (n - 1) / 10 AS above FROM generate_series(1, %(departments)s - 1) AS n
)
INSERT INTO orgs_department
    (organization_id, parent_id, name, pinyin, description, created_at, updated_at,
     lft, rght, tree_id, level)
SELECT %(organization)s, %(root)s, 'D' || n, 'd' || n || ' d', '', now(), now(), 0, 0, %(tree)s, 1
FROM numbered ORDER BY n
"""
PARENTS = """
WITH numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM orgs_department
    WHERE organization_id = %(organization)s AND id <> %(root)s
)
UPDATE orgs_department d SET parent_id = above.id
FROM numbered own JOIN numbered above ON above.n = (own.n - 1) / 10
WHERE d.id = own.id AND own.n > 10
"""
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜秀敏静丽强磊洋艳勇军杰娟涛明超兰霞平刚桂英华玉萍红玲建国文辉力"
ACCOUNTS = """
INSERT INTO accounts_account
    (organization_id, domain_id, local_part, address, name, pinyin, employee_no, mobile, title,
     status, must_change_password, password, password_changed_at, is_staff, is_superuser,
     created_at, updated_at {extra_columns})
SELECT %(organization)s, %(domain)s, 'u' || n, 'u' || n || '@' || %(domain_name)s,
    substr(%(surnames)s, 1 + n %% 20, 1) || substr(%(given)s, 1 + (n / 20) %% 35, 1)
        || substr(%(given)s, 1 + (n / 700) %% 35, 1),
    'pinyin' || n || ' p' || n, 'E' || n, '', '', 'active', false, '!', now(), false, false,
    now(), now() {extra_values}
FROM generate_series(1, %(accounts)s) AS n
"""
REST = """
INSERT INTO accounts_address (address, local_part, domain_id, kind, account_id)
SELECT address, local_part, domain_id, 'primary', id FROM accounts_account
WHERE organization_id = %(organization)s;
INSERT INTO accounts_mailbox
    (account_id, quota_bytes, usage_bytes, store_host, store_path, send_scope, receive_scope,
     web_enabled, imap_enabled, pop3_enabled, smtp_enabled, forwarding_allowed, forward_to,
     keep_copy, created_at)
SELECT id, 1073741824, 0, '', 'b' || id, 'all', 'all', true, true, true, true, false, '{}',
    true, now()
FROM accounts_account WHERE organization_id = %(organization)s;
INSERT INTO accounts_membership (account_id, department_id, is_primary)
SELECT a.id, d.id, true
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM accounts_account
      WHERE organization_id = %(organization)s) a
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM orgs_department
      WHERE organization_id = %(organization)s) d ON d.n = a.n %% %(departments)s;
"""


def prepare_database() -> None:
    """Make the database, once, and bring it up to date."""
    url = settings.DATABASE_URL.rsplit("/", 1)[0] + "/postgres"
    session = psycopg2.connect(url)
    session.autocommit = True
    with session.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'bench'")
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE DATABASE bench"))
    session.close()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def prepare_organizations() -> None:
    """Make both, once; later runs take them as they are while the migrations fit."""
    for size in (SMALL, LARGE):
        if not Organization.objects.filter(name=size.name).exists():
            print(f"Making the {size.name} organization: {size.accounts:,} accounts.", flush=True)
            make(size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@transaction.atomic
def make(size: Size) -> None:
    organization = create_organization(
        name=size.name, actor=ACTOR, seats=size.accounts * 2, storage_bytes=0
    )
    domain = create_domain(organization=organization, name=f"{size.name}.example", actor=ACTOR)
    root = root_department(organization)
    values = {
        "organization": organization.pk,
        "domain": domain.pk,
        "domain_name": domain.name,
        "root": root.pk,
        "tree": root.tree_id,
        "departments": size.departments,
        "accounts": size.accounts,
        "surnames": SURNAMES,
        "given": GIVEN,
    }
    with connection.cursor() as cursor:
        for statement in (DEPARTMENTS, PARENTS, ACCOUNTS.format(**_extra_columns()), REST):
            cursor.execute(statement, values)
    Department.objects.partial_rebuild(root.tree_id)
    grant_role(
        account=administrator(size),
        role=Role.objects.get(code=FULL_ADMINISTRATOR),
        departments=[root],
        actor=ACTOR,
    )


def _extra_columns() -> dict[str, str]:
    """Columns without a database default that came after this file, with the model's."""
    known = {"id", *re.findall(r"\w+", ACCOUNTS.split("SELECT")[0])}
    missing = [
        field
        for field in Account._meta.concrete_fields
        if field.column not in known and not field.null and not field.generated
    ]
    return {
        "extra_columns": "".join(f", {field.column}" for field in missing),
        "extra_values": "".join(f", {_literal(field.get_default())}" for field in missing),
    }


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"


def administrator(size: Size) -> Account:
    return Account.objects.get(address=f"u1@{size.name}.example")


def domain_of(size: Size) -> Domain:
    return Domain.objects.get(name=f"{size.name}.example")
