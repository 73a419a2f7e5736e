from accounts.hashers import MailArgon2PasswordHasher


class CheapArgon2PasswordHasher(MailArgon2PasswordHasher):
    """The real algorithm at its lowest cost."""

    time_cost = 1
    memory_cost = 8
