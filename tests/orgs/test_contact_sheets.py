"""Importing and exporting shared contacts."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from admin_platform.models import AuditRecord
from orgs.models import Contact, ContactGroup
from orgs.models.contact import MAX_GROUPS
from orgs.services.contact_import import ImportedRow, import_contacts
from orgs.services.contacts import ContactText
from tests.factories.accounts import system_operator
from tests.factories.orgs import ContactFactory, ContactGroupFactory, OrganizationFactory
from tests.orgs.tree import member_of

pytestmark = pytest.mark.django_db

CSV = """姓名,邮箱地址,手机,公司,分组
曾伟,zeng@far.example,13900001111,远方,客户
李雷,li@far.example,,,
"""
CARDS = """BEGIN:VCARD
VERSION:4.0
FN:曾伟
N:曾;伟;;;
EMAIL;TYPE=work:zeng@far.example
EMAIL:wei@far.example
TEL;VALUE=uri;TYPE="cell,voice":tel:+86-139-0000-1111
TEL;VALUE=uri;TYPE=work:tel:+86-10-8888;ext=1
ORG:远方;采购部
TITLE:经理
CATEGORIES:客户,老朋友
NOTE:第一行\\, 仍是\\n第二行
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:Lovelace;Ada;;;
item1.EMAIL;type=INTERNET;type=pref:ada@far.example
END:VCARD
"""


@pytest.fixture
def organization():
    return OrganizationFactory()


@pytest.fixture(autouse=True)
def administrator(client, organization):
    account = member_of(organization)
    client.force_login(account)
    return account


def upload(client, content, name="contacts.csv", **fields):
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("contacts:contact-import"), {"file": file, **fields})


def export(client, form, query="", **fields):
    address = f"{reverse('contacts:contact-export')}?{query}"
    return b"".join(client.post(address, {"format": form, **fields}).streaming_content)


def problems(answer):
    """Row, column, value and reason of each row that was left out."""
    body = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in body.split("</tr>")]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in rows if row]


def xlsx(*rows):
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_in_each_usual_encoding_comes_in(encoding, client, organization):
    answer = upload(client, CSV.encode(encoding))

    assert answer.status_code == 200
    zeng, li = Contact.objects.order_by("pk")
    assert (zeng.name, zeng.addresses, zeng.company) == ("曾伟", ["zeng@far.example"], "远方")
    assert (zeng.group.name, zeng.pinyin, zeng.organization) == ("客户", "zengwei zw", organization)
    assert (li.name, li.group, li.position) == ("李雷", None, 100)


def test_a_workbook_comes_in(client):
    upload(client, xlsx(["姓名", "邮箱地址", "排序"], ["曾伟", "a@x.example, b@x.example", 7]))

    contact = Contact.objects.get()
    assert (contact.addresses, contact.position) == (["a@x.example", "b@x.example"], 7)


def test_vcards_of_both_versions_come_in(client):
    upload(client, CARDS.replace("\n", "\r\n"), name="contacts.vcf")

    zeng, ada = Contact.objects.order_by("pk")
    assert zeng.addresses == ["zeng@far.example", "wei@far.example"]
    assert (zeng.mobile, zeng.phone) == ("+86-139-0000-1111", "+86-10-8888")
    assert (zeng.company, zeng.title, zeng.group.name) == ("远方 采购部", "经理", "客户")
    assert zeng.note == "第一行, 仍是 第二行"
    assert (ada.name, ada.addresses) == ("Ada Lovelace", ["ada@far.example"])


def test_a_card_that_cannot_be_read_is_told_and_the_others_come_in(client):
    broken = "BEGIN:VCARD\nVERSION:3.0\nBEGIN:VEVENT\nEND:VCARD\n"

    answer = upload(client, broken + CARDS, name="contacts.vcf")

    assert Contact.objects.count() == 2
    assert problems(answer)[0][0] == "1"


def test_bad_rows_are_told_with_column_value_and_reason_and_good_ones_come_in(client):
    rows = CSV + "王五,wang at far,,,\n,x@far.example,,,\n赵六,,=1+1,,\n"

    answer = upload(client, rows)

    assert Contact.objects.count() == 2
    told = [(row[0], row[1], row[2]) for row in problems(answer)]
    assert told == [("4", "邮箱地址", "wang at far"), ("5", "姓名", "—"), ("6", "手机号", "=1+1")]


def test_a_second_import_of_the_same_file_adds_nobody(client):
    upload(client, CSV)

    answer = upload(client, CSV)

    assert Contact.objects.count() == 2
    assert [row[3] for row in problems(answer)] == ["该联系人已存在。"] * 2


def test_rows_without_a_group_go_into_the_chosen_one(client, organization):
    group = ContactGroupFactory(organization=organization, name="其他")

    upload(client, CSV, group=group.pk)

    assert set(Contact.objects.values_list("name", "group__name")) == {
        ("曾伟", "客户"),
        ("李雷", "其他"),
    }


def test_rows_whose_group_is_deleted_while_the_file_is_read_go_into_none(organization):
    group = ContactGroupFactory(organization=organization)
    gone = ContactGroup.objects.get(pk=group.pk)
    gone.delete()

    import_contacts(
        organization=organization,
        rows=[ImportedRow(2, "", ContactText("曾伟"))],
        group=group,
        source="a.csv",
        actor=system_operator(organization),
    )

    assert Contact.objects.get().group is None


def test_a_group_more_than_there_may_be_is_told(client, organization):
    ContactGroup.objects.bulk_create(
        ContactGroup(organization=organization, name=str(n)) for n in range(MAX_GROUPS)
    )

    answer = upload(client, CSV)

    assert [row[:3] for row in problems(answer)] == [["2", "分组", "客户"]]
    assert Contact.objects.get().name == "李雷"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("邮箱地址\na@far.example\n", "姓名"),
        (b"%PDF-1.7", "PDF"),
        ("BEGIN:VCARD\n", "没有"),
        ("姓名\n" + "名\n" * 20_001, "20,000"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(content, text, client):
    answer = upload(client, content)

    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert not Contact.objects.exists()


def test_an_import_leaves_a_record_with_the_file_and_one_for_each_contact(client):
    upload(client, CSV)

    records = AuditRecord.objects.order_by("pk")
    assert [record.action for record in records] == [
        "contact.imported",
        "contact_group.created",
        "contact.created",
        "contact.created",
    ]
    assert records[0].after == {"file": "contacts.csv", "contacts": 2}
    assert len({record.batch for record in records}) == 1


@pytest.mark.parametrize("form", ["csv", "xlsx", "vcf"])
def test_what_is_exported_can_be_imported_again(form, client, organization):
    contact = ContactFactory(
        group=ContactGroupFactory(organization=organization, name="客户"),
        name="曾, 伟",
        addresses=["zeng@far.example", "wei@far.example"],
        mobile="+8613900001111",
        phone="010-88886666",
        company="=远方",
        title="@经理",
        note="很长的备注；" * 30,
    )
    file = export(client, form)
    contact.delete()

    answer = upload(client, file, name=f"contacts.{form}")

    assert problems(answer) == []
    again = Contact.objects.get()
    fields = ("name", "addresses", "mobile", "phone", "company", "title", "note", "group")
    assert [getattr(again, f) for f in fields] == [getattr(contact, f) for f in fields]


def test_an_exported_table_holds_no_formula(client, organization):
    ContactFactory(organization=organization, name="=1+1", company="+cmd", note="@x")

    line = export(client, "csv").decode("utf-8-sig").splitlines()[1]
    sheet = load_workbook(io.BytesIO(export(client, "xlsx"))).active

    assert line.startswith("'=1+1,")
    assert "'+cmd" in line
    assert sheet["A2"].data_type == "s"


def test_ticked_contacts_alone_are_exported_else_what_is_listed(client, organization):
    one = ContactFactory(organization=organization, name="甲", company="远方")
    ContactFactory(organization=organization, name="乙")
    ContactFactory(organization=organization, name="丙", company="远方")
    foreign = ContactFactory(name="外人", company="远方")

    ticked = export(client, "csv", id=[one.pk, foreign.pk]).decode("utf-8-sig")
    listed = export(client, "csv", query="q=远方").decode("utf-8-sig")

    assert [line[0] for line in ticked.splitlines()[1:]] == ["甲"]
    assert sorted(line[0] for line in listed.splitlines()[1:]) == ["丙", "甲"]
    counts = AuditRecord.objects.order_by("pk").values_list("after__contacts", flat=True)
    assert list(counts) == [1, 2]


def test_the_template_is_what_an_import_reads(client):
    template = load_workbook(
        io.BytesIO(b"".join(client.get(reverse("contacts:contact-template")).streaming_content))
    )
    template.active.append(["曾伟", "zeng@far.example"])
    file = io.BytesIO()
    template.save(file)

    upload(client, file.getvalue())

    assert Contact.objects.get().name == "曾伟"
