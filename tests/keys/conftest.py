"""Key stores that several tests use."""

import shutil
from pathlib import Path

import pytest

from .key_stores import Stores


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    return Stores(tmp_path_factory.mktemp("stores"))


@pytest.fixture(scope="session")
def app_store(stores: Stores) -> Path:
    """A store with nothing wrong: certificate of the application, intermediate, root."""
    stores.issue(
        "app",
        "middle",
        "/C=XX/O=Lab/OU=MQ/CN=app1",
        ["keyUsage=digitalSignature,keyEncipherment", "subjectAltName=DNS:app.example"],
    )
    return stores.pkcs12("app", "middle", "ca")


@pytest.fixture
def keytool() -> str:
    found = shutil.which("keytool")
    if found is None:
        pytest.skip("keytool is not here")
    return found
