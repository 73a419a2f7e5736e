from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mail_server.stores import mail_store
from mail_server.stores.base import DRAFTS, INBOX, SENT, TRASH
from tests.factories.accounts import AccountFactory

pytestmark = pytest.mark.django_db(transaction=True)

HOME, COMPOSE, ACT = (reverse(f"webmail:{n}") for n in ("home", "compose", "act"))


FORBIDDEN = [
    *("<script", "onerror", "onload", "javascript:", "<form", "<input", "<meta", "url("),
    *("@import", "<iframe", "<object", "<base", "data:text", "<link"),
]
GB2312_MAIL = (
    b"Subject: =?gb2312?B?xOO6ww==?=\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n"
    b"\xc4\xe3\xba\xc3\xa3\xac"
)


@pytest.fixture
def member(client):
    account = AccountFactory(name="沈知行")
    client.force_login(account)
    return account


def stored(account, subject="割接窗口", html="", text="正文", unique="a1", folder=INBOX, **headers):
    message = EmailMessage()
    message["From"] = headers.get("sender", "宋雅琪 <yaqi@elsewhere.example>")
    message["To"] = account.address
    message["Subject"] = subject
    message["Message-ID"] = "<one@elsewhere.example>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in headers.get("files", {}).items():
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail_store().deliver(
        account.mailbox.store_path, message.as_bytes(policy=SMTP), unique=unique, folder=folder
    )


def address_of(key, folder=INBOX, **extra):
    return f"{HOME}?{urlencode({'folder': folder, 'key': key, **extra})}"


def keys(account, folder=INBOX):
    return [e.key for e in mail_store().listing(account.mailbox.store_path, folder)]


def test_the_list_shows_who_wrote_what_and_what_is_unread(client, member):
    stored(member)

    page = client.get(HOME).content.decode()

    assert "宋雅琪" in page
    assert "割接窗口" in page
    assert "msg unread" in page


def test_reading_marks_a_message_read(client, member):
    key = stored(member)

    page = client.get(address_of(key))

    assert "正文" in page.content.decode()
    assert not mail_store().listing(member.mailbox.store_path, INBOX)[0].is_unread


def test_a_click_in_the_list_gets_the_reading_pane_alone(client, member):
    key = stored(member)

    part = client.get(
        address_of(key), headers={"HX-Request": "true", "HX-Target": "read"}
    ).content.decode()

    assert "正文" in part
    assert "<html" not in part


def test_a_message_that_is_gone_is_a_404(client, member):
    assert client.get(address_of("1.none,S=1")).status_code == 404
    assert client.get(address_of("x", "../../etc")).status_code == 404


def test_a_member_reads_own_mail_only(client, member):
    key = stored(AccountFactory())

    assert client.get(address_of(key)).status_code == 404


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<a href='javascript:alert(1)'>go</a>",
        "<form action='https://evil.example'><input name=password></form>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        '<div style="background:url(https://evil.example/x)">x</div>',
        "<style>@import 'https://evil.example/x.css'</style>",
        "<iframe src='https://evil.example'></iframe>",
        "<object data='data:text/html,<script>alert(1)</script>'></object>",
        "<base href='https://evil.example/'>",
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        "<link rel=stylesheet href='https://evil.example/x.css'>",
        "<math><mtext></mtext><script>alert(1)</script></math>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    ],
)
def test_no_message_can_run_reach_out_or_ask_for_a_password(client, member, html):
    key = stored(member, html=f"<p>Hello</p>{html}")

    response = client.get(reverse("webmail:body"), {"folder": INBOX, "key": key})

    body = response.content.decode().split("</style>", 1)[1].lower()
    for forbidden in FORBIDDEN:
        assert forbidden not in body
    assert "hello" in body
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy


def test_pictures_from_elsewhere_wait_for_the_reader(client, member):
    key = stored(member, html="<p>Hi</p><img src='https://tracker.example/p.png'>")

    page = client.get(address_of(key)).content.decode()
    closed = client.get(reverse("webmail:body"), {"folder": INBOX, "key": key})
    opened = client.get(reverse("webmail:body"), {"folder": INBOX, "key": key, "pictures": "1"})

    assert "显示图片" in page
    assert "tracker.example" not in closed.content.decode()
    assert "https:" not in closed["Content-Security-Policy"]
    assert "tracker.example/p.png" in opened.content.decode()


def test_an_attachment_is_downloaded_and_never_shown(client, member):
    key = stored(member, files={"<b>报告.pdf": b"%PDF-1.4 body"})

    page = client.get(address_of(key)).content.decode()
    response = client.get(reverse("webmail:attachment", args=[1]), {"folder": INBOX, "key": key})

    assert "&lt;b&gt;报告.pdf" in page
    assert response.content == b"%PDF-1.4 body"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "raw",
    [
        "Subject: 您好\r\nFrom: 张伟\r\n\r\n正文".encode("gbk"),
        GB2312_MAIL,
        b"Subject: =?big5?B?p0Gmbg==?=\r\n\r\n\xa7A\xa6n",
        b"Subject: =?utf-8?q?broken=?=\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x",
        b"Content-Type: text/plain; charset=no-such-charset\r\n\r\nHello",
        b"\r\n\r\n",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Transfer-Encoding: base64\r\nContent-Type: text/html\r\n\r\n!!!not base64!!!",
        b"From: <<<>>>,,;\r\nDate: yesterday\r\nTo: \xff\xfe\r\n\r\nx",
    ],
)
def test_broken_mail_is_read_as_far_as_it_goes(client, member, raw):
    key = mail_store().deliver(member.mailbox.store_path, raw, unique="raw")

    assert client.get(HOME).status_code == 200
    assert client.get(address_of(key)).status_code == 200
    reply = urlencode({"folder": INBOX, "key": key, "mode": "reply"})
    assert client.get(f"{COMPOSE}?{reply}").status_code == 200


def test_old_charsets_are_decoded(client, member):
    key = mail_store().deliver(member.mailbox.store_path, GB2312_MAIL, unique="raw")

    page = client.get(address_of(key)).content.decode()

    assert page.count("你好") >= 2


def test_deleting_moves_to_the_trash_and_there_for_good(client, member):
    key = stored(member)

    client.post(ACT, {"folder": INBOX, "keys": key, "act": "delete"})
    (thrown_away,) = keys(member, TRASH)
    assert keys(member) == []
    client.post(ACT, {"folder": TRASH, "keys": thrown_away, "act": "delete"})

    assert keys(member, TRASH) == []


@pytest.mark.parametrize(
    ("act", "unread", "flagged"),
    [("seen", False, False), ("unseen", True, False), ("star", True, True)],
)
def test_flags_are_set_on_the_chosen_messages(client, member, act, unread, flagged):
    key, other = stored(member), stored(member, unique="b2")

    client.post(ACT, {"folder": INBOX, "keys": key, "act": act})

    found = {e.key: e for e in mail_store().listing(member.mailbox.store_path, INBOX)}
    assert (found[key].is_unread, found[key].is_flagged) == (unread, flagged)
    assert (found[other].is_unread, found[other].is_flagged) == (True, False)


def test_an_own_folder_is_made_filled_and_deleted_with_its_mail(client, member):
    key = stored(member)
    client.post(reverse("webmail:folder-create"), {"name": "割接.值班"})

    client.post(ACT, {"folder": INBOX, "keys": key, "act": "move", "target": "割接.值班"})
    assert (keys(member), len(keys(member, "割接.值班"))) == ([], 1)
    client.post(reverse("webmail:folder-delete"), {"folder": "割接.值班"})

    assert "割接.值班" not in [f.name for f in mail_store().folders(member.mailbox.store_path)]


def test_an_own_folder_is_renamed_with_its_mail(client, member):
    store, path = mail_store(), member.mailbox.store_path
    key = stored(member, folder="项目")
    store.create_folder(path, "项目/甲")

    client.post(reverse("webmail:folder-rename"), {"folder": "项目", "name": "存档"})

    own = [f.name for f in store.folders(path)][5:]
    assert own == ["存档", "存档/甲"]
    assert keys(member, "存档") == [key]


@pytest.mark.parametrize(
    ("folder", "name"),
    [("INBOX", "x"), ("项目", "Sent"), ("项目", "别的"), ("项目", "a/b"), ("无", "x")],
)
def test_a_folder_keeps_its_name_where_the_new_one_cannot_be(client, member, folder, name):
    store, path = mail_store(), member.mailbox.store_path
    for own in ("项目", "别的"):
        store.create_folder(path, own)
    before = store.folders(path)

    client.post(reverse("webmail:folder-rename"), {"folder": folder, "name": name})

    assert store.folders(path) == before


@pytest.mark.parametrize(
    ("raw", "subject", "preview"),
    [
        ("Subject: 您好\r\n\r\n正文\r\n第二行".encode("gbk"), "您好", "正文 第二行"),
        (GB2312_MAIL, "你好", "你好，"),
        (
            b"Subject: =?big5?B?p0Gmbg==?=\r\n"
            b"Content-Type: text/plain; charset=big5\r\n\r\n\xa7A\xa6n",
            "你好",
            "你好",
        ),
        (b"Content-Type: text/html\r\n\r\n<style>p{}</style><p>a&lt;b</p><p>c</p>", "", "a<b c"),
        (b"\r\n" + "长".encode() * 9000, "", "长" * 200),
    ],
    ids=["raw gbk", "gb2312", "big5", "html", "cut"],
)
def test_the_list_shows_subject_and_first_words_in_old_charsets(member, raw, subject, preview):
    mail_store().deliver(member.mailbox.store_path, raw, unique="raw")

    (envelope,) = mail_store().listing(member.mailbox.store_path, INBOX)

    assert (envelope.subject, envelope.preview) == (subject, preview)


def test_mail_nested_without_end_is_listed_found_and_opened(client, member):
    parts = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(5000)
    )
    raw = f"Subject: deep\r\n{parts}".encode()
    key = mail_store().deliver(member.mailbox.store_path, raw, unique="raw")

    assert client.get(HOME).status_code == 200
    assert client.get(address_of(key)).status_code == 200
    assert len(client.get(HOME, {"q": "deep"}).context["envelopes"]) == 1


def test_a_standard_folder_is_not_deleted(client, member):
    stored(member)

    assert client.post(reverse("webmail:folder-delete"), {"folder": INBOX}).status_code == 404
    assert len(keys(member)) == 1


def test_acts_are_posts(client, member):
    key = stored(member)

    assert client.get(ACT, {"folder": INBOX, "keys": key, "act": "delete"}).status_code == 405


def test_search_finds_subject_sender_and_text_in_all_folders(client, member):
    stored(member, subject="预算会议", unique="a")
    stored(member, subject="其他", text="关于预算的说明", unique="b", folder=SENT)
    stored(member, subject="无关", unique="c")

    page = client.get(HOME, {"q": "预算"})

    assert {e.subject for e in page.context["envelopes"]} == {"其他", "预算会议"}


def test_several_words_are_found_wherever_they_stand(client, member):
    stored(member, subject="存储迁移窗口确认", unique="a")
    stored(member, subject="迁移", unique="b")

    page = client.get(HOME, {"q": "存储 迁移"})

    assert [e.subject for e in page.context["envelopes"]] == ["存储迁移窗口确认"]


@pytest.mark.parametrize("name", ["Sent", "收件箱", "..", "a/b", " "])
def test_a_folder_gets_no_name_that_would_be_mistaken(client, member, name):
    before = mail_store().folders(member.mailbox.store_path)

    client.post(reverse("webmail:folder-create"), {"name": name})

    assert mail_store().folders(member.mailbox.store_path) == before


def compose(client, to, **fields):
    return client.post(COMPOSE, {"to": to, "subject": "你好", "text": "第一行\n第二行", **fields})


def test_a_message_with_an_attachment_reaches_a_colleague_and_the_sent_folder(client, member):
    colleague = AccountFactory(organization=member.organization, domain=member.domain)

    response = compose(
        client,
        f"同事 <{colleague.address}>",
        uploads=SimpleUploadedFile("报表.csv", "甲,乙".encode(), "text/csv"),
    )

    assert response.status_code == 302
    (received,) = mail_store().listing(colleague.mailbox.store_path, INBOX)
    assert (received.subject, received.has_attachments) == ("你好", True)
    content = mail_store().read(colleague.mailbox.store_path, INBOX, received.key)
    assert b"Bcc" not in content
    assert len(keys(member, SENT)) == 1


def test_a_blind_copy_reaches_its_recipient_and_nobody_sees_it(client, member):
    colleague, boss = (
        AccountFactory(organization=member.organization, domain=member.domain) for _ in range(2)
    )

    compose(client, colleague.address, bcc=boss.address)

    (key,) = keys(boss)
    assert boss.address.encode() not in mail_store().read(
        colleague.mailbox.store_path, INBOX, keys(colleague)[0]
    )
    assert key


def test_a_refused_recipient_is_told_with_the_reason_and_nothing_typed_is_lost(client, member):
    response = compose(
        client,
        f"nobody@{member.domain.name}",
        uploads=SimpleUploadedFile("a.txt", b"kept", "text/plain"),
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "5.1.1 No such mailbox here" in page
    assert "第二行" in page
    assert "a.txt" in page
    assert len(keys(member, DRAFTS)) == 1
    assert keys(member, SENT) == []


def test_only_the_refused_are_left_when_others_were_reached(client, member):
    colleague = AccountFactory(organization=member.organization, domain=member.domain)

    response = compose(client, f"{colleague.address}, nobody@{member.domain.name}")

    nobody = f"nobody@{member.domain.name}"
    assert len(keys(colleague)) == 1
    assert response.context["form"]["to"].value() == nobody
    assert f"已发送给 {colleague.address}" in response.content.decode()
    (draft,) = keys(member, DRAFTS)
    letter = mail_store().read(member.mailbox.store_path, DRAFTS, draft)
    assert colleague.address.encode() not in letter
    assert nobody.encode() in letter


@pytest.mark.parametrize("to", ["", "not an address", "a@b@c", "x" * 300 + "@y.example"])
def test_bad_recipients_are_refused_in_words_and_nothing_is_lost(client, member, to):
    response = compose(client, to)

    assert response.status_code == 422
    assert "第二行" in response.content.decode()


def test_who_may_not_send_is_told(client):
    account = AccountFactory(mailbox__send_scope="none")
    client.force_login(account)

    response = compose(client, account.address)

    assert "550 5.7.1" in response.content.decode()


def test_a_header_cannot_be_smuggled_in_by_the_subject(client, member):
    client.post(
        COMPOSE, {"to": member.address, "subject": "x\r\nBcc: evil@evil.example", "text": "y"}
    )

    content = mail_store().read(member.mailbox.store_path, INBOX, keys(member)[0])
    assert b"\nBcc:" not in content


def test_a_draft_is_kept_taken_up_and_gone_once_sent(client, member):
    compose(client, "", save="1")
    (key,) = keys(member, DRAFTS)
    page = client.get(f"{COMPOSE}?{urlencode({'folder': DRAFTS, 'key': key})}")
    assert page.context["form"]["text"].value() == "第一行\n第二行"

    compose(client, member.address, draft_key=key)

    assert keys(member, DRAFTS) == []
    assert len(keys(member)) == 1


def test_a_reply_quotes_and_answers_the_sender(client, member):
    key = stored(member, subject="割接窗口")

    form = client.get(
        f"{COMPOSE}?{urlencode({'folder': INBOX, 'key': key, 'mode': 'reply'})}"
    ).context["form"]

    assert form["to"].value() == "宋雅琪 <yaqi@elsewhere.example>"
    assert form["subject"].value() == "答复：割接窗口"
    assert "> 正文" in form["text"].value()
    assert form["in_reply_to"].value() == "<one@elsewhere.example>"


def test_forwarding_brings_the_attachments_along(client, member):
    colleague = AccountFactory(organization=member.organization, domain=member.domain)
    key = stored(member, files={"a.pdf": b"%PDF"})

    compose(client, colleague.address, source_folder=INBOX, source_key=key, keep=["1"])

    received = mail_store().listing(colleague.mailbox.store_path, INBOX)[0]
    assert received.has_attachments


def test_suggestions_are_members_of_the_own_organization(client, member):
    AccountFactory(organization=member.organization, domain=member.domain, name="宋雅琪")
    AccountFactory(name="宋雅琪二")

    page = client.get(reverse("webmail:people"), {"to": "a@b.example, 宋雅"}).content.decode()

    assert page.count("data-pick") == 1


def test_without_a_mailbox_or_with_webmail_off_one_is_told(client):
    for account, text in [
        (AccountFactory(mailbox=False), "没有邮箱"),
        (AccountFactory(mailbox__web_enabled=False), "不能通过网页使用"),
    ]:
        client.force_login(account)

        assert text in client.get(HOME).content.decode()
        assert text in client.get(COMPOSE).content.decode()
