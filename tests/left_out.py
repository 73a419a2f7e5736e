"""Say which tests this machine cannot run, and what it lacks."""

import shutil

NEEDED = {
    "chromium": "the browser tests (Debian: chromium)",
    "msgfmt": "the check of untranslated texts (Debian: gettext)",
}


def main() -> None:
    missing = [what for program, what in NEEDED.items() if shutil.which(program) is None]
    for what in missing:
        print(f"Left out on this machine: {what}.")


if __name__ == "__main__":
    main()
