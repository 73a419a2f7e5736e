"""What an organization says of spam counts for its mail, and for no other's."""

from email.header import decode_header, make_header

import pytest

from mail_server.models import ScanVerdict
from security.choices import ListedAs, ListedKind, SpamAction, SpamLevel
from security.services.spam import add_to_spam_list, change_spam_rule
from tests.factories.accounts import AccountFactory, system_operator
from tests.mail_plane.letters import OUTSIDER, colleague_of, from_outside, hand_in, real_only
from tests.mail_plane.scanner import EICAR
from tests.mail_plane.test_viruses import REFUSED as INFECTED
from tests.mail_server.conftest import letter
from tests.processes import wait_until

pytestmark = real_only

DENIED = (554, "5.7.1 Message refused: the sender is on the deny list")
# Its To names another: two points, and hardly anything else.
DOUBTFUL = letter(to="somebody.else@elsewhere.example")


@pytest.fixture
def account(plane, smtp):
    """Somebody whose organization takes half of what DOUBTFUL scores for spam."""
    return AccountFactory()


def rules(account, **values):
    values = {"level": SpamLevel.OWN, "spam_score": 1, "refuse_score": 50} | values
    change_spam_rule(
        organization=account.organization,
        values=values,
        actor=system_operator(account.organization),
    )


def listed(account, listed_as, kind, value):
    add_to_spam_list(
        organization=account.organization,
        listed_as=listed_as,
        kind=kind,
        value=value,
        actor=system_operator(account.organization),
    )


def answer_becomes(session, recipient, expected, sender=OUTSIDER):
    """Rspamd asks for new rules each second."""
    wait_until(
        lambda: hand_in(session, sender, recipient.address, DOUBTFUL) == expected, seconds=30
    )


def action_becomes(session, recipient, expected):
    def reached():
        ScanVerdict.objects.all().delete()
        hand_in(session, OUTSIDER, recipient.address, DOUBTFUL)
        wait_until(ScanVerdict.objects.exists)
        return ScanVerdict.objects.get().action == expected

    wait_until(reached, seconds=30)


def test_spam_is_marked_for_the_junk_folder(account, smtp, stored_all):
    rules(account, action=SpamAction.JUNK)

    action_becomes(smtp(), account, "add header")

    assert ["Yes"] in [message.get_all("X-Spam") for message in stored_all(account)]


def test_spam_is_marked_in_the_subject(account, smtp, stored_all):
    rules(account, action=SpamAction.TAG, subject_tag="[广告]")

    action_becomes(smtp(), account, "rewrite subject")

    subjects = {str(make_header(decode_header(m["Subject"]))) for m in stored_all(account)}
    assert "[广告] Greetings" in subjects


def test_spam_is_refused(account, smtp):
    rules(account, action=SpamAction.REFUSE)

    answer_becomes(smtp(), account, (554, "5.7.1 Message refused as spam"))


def test_what_scores_more_is_refused_whatever_becomes_of_spam(account, smtp):
    rules(account, refuse_score=1.5)

    answer_becomes(smtp(), account, (554, "5.7.1 Message refused as spam"))


def test_the_rules_of_one_organization_are_not_those_of_another(account, smtp, subjects):
    other = AccountFactory()
    rules(account, action=SpamAction.REFUSE)
    session = smtp()
    answer_becomes(session, account, (554, "5.7.1 Message refused as spam"))

    answer = hand_in(session, OUTSIDER, other.address, DOUBTFUL)

    assert answer[0] == 250
    assert subjects(other) == ["Greetings"]


def test_members_are_no_spammers(account, smtp):
    colleague = colleague_of(account)
    rules(account, action=SpamAction.REFUSE)
    answer_becomes(smtp(), account, (554, "5.7.1 Message refused as spam"))

    assert hand_in(smtp(colleague), colleague.address, account.address, DOUBTFUL)[0] == 250


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ListedKind.ADDRESS, OUTSIDER),
        (ListedKind.DOMAIN, "elsewhere.example"),
        (ListedKind.IP, "192.0.2.0-192.0.2.12"),
    ],
)
def test_a_sender_on_the_deny_list_is_refused(account, smtp, kind, value):
    other = AccountFactory()
    listed(account, ListedAs.DENY, kind, value)
    session = from_outside(smtp())

    answer_becomes(session, account, DENIED)

    assert hand_in(session, OUTSIDER, other.address, DOUBTFUL)[0] == 250


def test_a_denied_domain_has_its_subdomains_and_no_others(account, smtp):
    listed(account, ListedAs.DENY, ListedKind.DOMAIN, "bad.example")
    session = smtp()
    answer_becomes(session, account, DENIED, sender="a@News.Bad.example")

    assert hand_in(session, "a@notbad.example", account.address, DOUBTFUL)[0] == 250
    assert hand_in(session, "a@bad.example", account.address, DOUBTFUL) == DENIED
    assert hand_in(session, "a@badXexample.example", account.address, DOUBTFUL)[0] == 250


def test_a_sender_on_the_allow_list_is_no_spammer(account, smtp):
    rules(account, action=SpamAction.REFUSE)
    session = smtp()
    answer_becomes(session, account, (554, "5.7.1 Message refused as spam"))
    listed(account, ListedAs.ALLOW, ListedKind.ADDRESS, OUTSIDER)

    wait_until(lambda: hand_in(session, OUTSIDER, account.address, DOUBTFUL)[0] == 250)


def test_the_allow_list_lets_no_virus_through(account, smtp):
    rules(account, action=SpamAction.REFUSE)
    listed(account, ListedAs.ALLOW, ListedKind.ADDRESS, OUTSIDER)
    session = smtp()
    wait_until(lambda: hand_in(session, OUTSIDER, account.address, DOUBTFUL)[0] == 250)

    answer = hand_in(session, OUTSIDER, account.address, letter(body=EICAR))

    assert answer == INFECTED
