from security.models.ip_rule import IpPolicy, IpRule
from security.models.lockout import Lockout, LockoutExemption, LockoutRule
from security.models.password_rule import PasswordRule, PasswordWarning, PreviousPassword
from security.models.sign_in_record import SignInRecord

__all__ = [
    "IpPolicy",
    "IpRule",
    "Lockout",
    "LockoutExemption",
    "LockoutRule",
    "PasswordRule",
    "PasswordWarning",
    "PreviousPassword",
    "SignInRecord",
]
