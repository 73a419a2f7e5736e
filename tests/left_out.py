"""Say which tests this machine cannot run, and what it lacks."""

import os
import shutil

NEEDED = {
    "chromium": "the browser tests (Debian: chromium)",
    "postfix": "the tests of the real mail servers (Debian: postfix, postfix-pgsql)",
    "dovecot": (
        "the tests of the real mail servers (Debian: dovecot-core, dovecot-imapd, "
        "dovecot-pop3d, dovecot-lmtpd, dovecot-sieve, dovecot-pgsql)"
    ),
    "rspamd": "the tests of the real mail servers (Debian: rspamd)",
    "clamd": "the tests of the real mail servers (Debian: clamav-daemon)",
    "msgfmt": "the check of untranslated texts (Debian: gettext)",
}


def main() -> None:
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
    missing = [what for name, what in NEEDED.items() if shutil.which(name, path=path) is None]
    if os.geteuid() != 0:
        missing.append("the tests of the real mail servers (they are started by root)")
    for what in missing:
        print(f"Left out on this machine: {what}.")


if __name__ == "__main__":
    main()
