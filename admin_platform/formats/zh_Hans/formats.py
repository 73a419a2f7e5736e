from admin_platform.formats.en.formats import *  # noqa: F403
