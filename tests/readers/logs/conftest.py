"""What tests of several logs share."""

import pytest
from log_samples import CORPUS


@pytest.fixture
def amqerr():
    folder = CORPUS / "amqerr"
    if not folder.is_dir():
        pytest.skip("the corpus is not here")
    return folder
