from security.models.sign_in_record import SignInRecord

__all__ = ["SignInRecord"]
