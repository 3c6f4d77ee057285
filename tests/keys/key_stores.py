"""Makes key stores with real tools, reads them and checks them."""

import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from mqtrace.inputs.source import Source
from mqtrace.keys.check import CheckRequest, KeyProblem, check
from mqtrace.keys.reading import read_store
from mqtrace.model.key_store import KeyStore

DATA = Path(__file__).parents[1] / "data" / "keys"
PASSWORD = "throwaway-pw"
LABEL = "ibmwebspheremqapp"


def run(*command: str | Path, folder: Path) -> None:
    subprocess.run([str(each) for each in command], cwd=folder, check=True, capture_output=True)


def read_file(path: Path, password: str | None = None) -> KeyStore:
    siblings = frozenset(each.name for each in path.parent.iterdir())
    data = path.read_bytes()
    return read_store(Source(str(path), BytesIO(data), len(data), siblings=siblings), lambda: password)


def read_bytes(data: bytes, name: str = "store", password: str | None = None) -> KeyStore:
    return read_store(Source(name, BytesIO(data), len(data)), lambda: password)


def problems(store: KeyStore, **request: Any) -> list[KeyProblem]:
    return list(check(store, CheckRequest(**{"at": datetime.now(UTC), **request})))


def ids(store: KeyStore, **request: Any) -> list[str]:
    return [each.id for each in problems(store, **request)]


def in_days(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


class Stores:
    """A certificate authority, an intermediate one, and what they sign; each store is a file of `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._root("ca")
        self.issue(
            "middle",
            "ca",
            "/C=XX/O=Lab/CN=Lab Intermediate",
            ["basicConstraints=critical,CA:TRUE", "keyUsage=keyCertSign,cRLSign"],
        )

    def _root(self, name: str) -> None:
        subject = ("-subj", "/C=XX/O=Lab/CN=Lab CA", "-days", "365")
        run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            f"{name}.key",
            "-out",
            f"{name}.crt",
            *subject,
            folder=self.folder,
        )

    def issue(
        self, name: str, signer: str, subject: str, extensions: Sequence[str] = (), key: Sequence[str] = ("rsa:2048",)
    ) -> None:
        """NAME.key and NAME.crt, valid for 30 days from now."""
        (self.folder / f"{name}.ext").write_text("\n".join(extensions) + "\n")
        request = (
            "openssl",
            "req",
            "-new",
            "-newkey",
            *key,
            "-nodes",
            "-keyout",
            f"{name}.key",
            "-out",
            f"{name}.csr",
            "-subj",
            subject,
        )
        run(*request, folder=self.folder)
        by = (
            "-CA",
            f"{signer}.crt",
            "-CAkey",
            f"{signer}.key",
            "-CAcreateserial",
            "-days",
            "30",
            "-extfile",
            f"{name}.ext",
        )
        run("openssl", "x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.crt", *by, folder=self.folder)

    def pkcs12(
        self, name: str, *signers: str, label: str = LABEL, options: Sequence[str] = (), key: bool = True
    ) -> Path:
        """A PKCS#12 store of the certificate, its key and its signers."""
        chain = self.folder / f"{name}.chain"
        chain.write_bytes(b"".join((self.folder / f"{each}.crt").read_bytes() for each in signers))
        target = self.folder / f"{name}.p12"
        source = ("-inkey", f"{name}.key") if key else ("-nokeys",)
        extra = ("-certfile", chain) if signers else ()
        run(
            "openssl", "pkcs12", "-export", "-in", f"{name}.crt", *source, *extra, "-name", label, "-out", target,
            "-passout", f"pass:{PASSWORD}", *options, folder=self.folder,
        )  # fmt: skip
        return target
