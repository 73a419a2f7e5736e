"""Mailing lists: who may write, and who gets it."""

import pytest

from mailing_lists.choices import ListStatus, SenderRule
from mailing_lists.services.lists import add_members, create_list, set_list_status, set_senders
from tests.factories.accounts import AccountFactory, system_operator
from tests.factories.orgs import DepartmentFactory
from tests.mail_plane.letters import OUTSIDER, meaning
from tests.mail_server.conftest import send

NAMED_OUTSIDER = "partner@elsewhere.example"
ACTOR = system_operator()


@pytest.fixture
def company(transactional_db):
    """A list with one member, in an organization with somebody else."""
    member = AccountFactory()
    other = AccountFactory(organization=member.organization, domain=member.domain)
    foreign = AccountFactory()
    made = create_list(domain=member.domain, local_part="team", name="Team", actor=ACTOR)
    add_members(mailing_list=made, accounts=[member], actor=ACTOR)
    return made, member, other, foreign


RULES = {
    # rule: (outsider, named outsider, member, colleague, other organization)
    SenderRule.EVERYONE: (250, 250, 250, 250, 250),
    SenderRule.MEMBERS: (550, 250, 250, 550, 550),
    SenderRule.CHOSEN: (550, 250, 550, 550, 550),
    SenderRule.INSIDE: (550, 550, 250, 250, 550),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_sender_rule_lets_exactly_those_write_that_it_names(smtp, subjects, company, rule):
    made, member, other, foreign = company
    set_senders(mailing_list=made, sender_rule=rule, outside=[NAMED_OUTSIDER], actor=ACTOR)
    address = made.address.address

    answers = [
        send(smtp(), OUTSIDER, address),
        send(smtp(), NAMED_OUTSIDER, address),
        *(send(smtp(a), a.address, address) for a in (member, other, foreign)),
    ]

    assert tuple(answer[0][0] for answer in answers) == RULES[rule]
    assert len(subjects(member)) == RULES[rule].count(250)


def test_a_chosen_colleague_may_write(smtp, company):
    made, _member, other, _foreign = company
    set_senders(mailing_list=made, sender_rule=SenderRule.CHOSEN, accounts=[other], actor=ACTOR)

    assert send(smtp(other), other.address, made.address.address)[0][0] == 250


def test_a_forged_inside_sender_does_not_reach_the_list(smtp, company):
    made, member, _other, _foreign = company

    answers = send(smtp(), member.address, made.address.address)

    assert answers[0][0] == 553


def test_a_department_as_member_follows_the_tree(smtp, subjects, company):
    made, member, _other, _foreign = company
    root = DepartmentFactory(organization=member.organization)
    team = DepartmentFactory(parent=root)
    below = DepartmentFactory(parent=team)
    add_members(mailing_list=made, departments=[team], actor=ACTOR)

    newcomer = AccountFactory(
        organization=member.organization, domain=member.domain, department=below
    )
    send(smtp(member), member.address, made.address.address)

    assert subjects(newcomer) == ["Greetings"]


def test_one_copy_reaches_a_person_who_is_in_nested_lists_twice(smtp, subjects, company):
    made, member, other, _foreign = company
    inner = create_list(domain=member.domain, local_part="inner", name="Inner", actor=ACTOR)
    add_members(mailing_list=inner, accounts=[member, other], actor=ACTOR)
    add_members(mailing_list=made, lists=[inner], actor=ACTOR)

    send(smtp(other), other.address, made.address.address, member.address)

    assert (subjects(member), subjects(other)) == (["Greetings"], ["Greetings"])


def test_a_disabled_list_refuses(smtp, company):
    made, member, _other, _foreign = company
    set_list_status(mailing_list=made, status=ListStatus.DISABLED, actor=ACTOR)

    answers = send(smtp(member), member.address, made.address.address)

    assert meaning(answers[0]) == (550, "5.2.1 Mailing list disabled")


def test_a_member_out_of_use_or_receiving_nothing_is_left_out(smtp, subjects, company):
    made, member, other, _foreign = company
    add_members(mailing_list=made, accounts=[other], actor=ACTOR)
    other.mailbox.receive_scope = "none"
    other.mailbox.save()

    send(smtp(member), member.address, made.address.address)

    assert (subjects(member), subjects(other)) == (["Greetings"], [])


def test_a_member_who_receives_inside_only_gets_list_mail_from_inside_only(smtp, subjects, company):
    made, member, other, _foreign = company
    set_senders(mailing_list=made, sender_rule=SenderRule.EVERYONE, actor=ACTOR)
    member.mailbox.receive_scope = "internal"
    member.mailbox.save()

    send(smtp(), OUTSIDER, made.address.address)
    assert subjects(member) == []
    send(smtp(other), other.address, made.address.address)

    assert subjects(member) == ["Greetings"]


def test_a_sender_of_another_organization_does_not_reach_who_receives_inside_only(
    smtp, subjects, company
):
    made, member, other, foreign = company
    add_members(mailing_list=made, accounts=[other], actor=ACTOR)
    set_senders(mailing_list=made, sender_rule=SenderRule.EVERYONE, actor=ACTOR)
    member.mailbox.receive_scope = "internal"
    member.mailbox.save()

    answers = send(smtp(foreign), foreign.address, made.address.address)

    assert answers[0][0] == 250
    assert (subjects(member), subjects(other)) == ([], ["Greetings"])
    assert subjects(foreign) == []  # nobody tells the sender what is no business of theirs


def test_mail_that_no_member_takes_goes_nowhere(smtp, subjects, company):
    made, member, _other, foreign = company
    set_senders(mailing_list=made, sender_rule=SenderRule.EVERYONE, actor=ACTOR)
    member.mailbox.receive_scope = "internal"
    member.mailbox.save()

    answers = [
        send(smtp(foreign), foreign.address, made.address.address),
        send(smtp(), OUTSIDER, made.address.address),
    ]

    assert [answer[0][0] for answer in answers] == [250, 250]
    assert (subjects(member), subjects(foreign)) == ([], [])
