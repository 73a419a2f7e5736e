import pytest

from tests.runtime.platforms import Platform


@pytest.fixture
def platform(tmp_path):
    made = Platform(tmp_path)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop()
