from security.models.app_password import AppPassword
from security.models.dkim_key import DkimKey
from security.models.ip_rule import IpPolicy, IpRule
from security.models.lockout import Lockout, LockoutExemption, LockoutRule
from security.models.member_session import MemberSession
from security.models.password_rule import PasswordRule, PasswordWarning, PreviousPassword
from security.models.second_factor import RecoveryCode, SecondFactor
from security.models.sending_limit import SendingLimit
from security.models.sign_in_record import SignInRecord
from security.models.sign_in_rule import SignInRule
from security.models.spam_rule import SpamListEntry, SpamRule

__all__ = [
    "AppPassword",
    "DkimKey",
    "IpPolicy",
    "IpRule",
    "Lockout",
    "LockoutExemption",
    "LockoutRule",
    "MemberSession",
    "PasswordRule",
    "PasswordWarning",
    "PreviousPassword",
    "RecoveryCode",
    "SecondFactor",
    "SendingLimit",
    "SignInRecord",
    "SignInRule",
    "SpamListEntry",
    "SpamRule",
]
