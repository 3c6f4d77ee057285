"""Certificates and PKCS#12 stores of the tests, made in the process: quick, as their keys are of elliptic curves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "throwaway-pw"


@dataclass(frozen=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def pem(self, path: Path, *chain: x509.Certificate) -> Path:
        """A file for a server: its key, its certificate, the chain."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        certificates = (each.public_bytes(serialization.Encoding.PEM) for each in (self.certificate, *chain))
        path.write_bytes(key + b"".join(certificates))
        return path


class Authority:
    """Signs certificates."""

    def __init__(self, name: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._signed(name, self.key, timedelta(days=365), name, is_ca=True)

    def issue(self, name: str, *, days: int = 30) -> Issued:
        """A certificate for these days from now; of a negative number one that expired then."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        return Issued(self._signed(name, key, timedelta(days=days), str(issuer)), key)

    def _signed(
        self, name: str, key: ec.EllipticCurvePrivateKey, valid: timedelta, issuer: str, *, is_ca: bool = False
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(_name(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=90))
            .not_valid_after(now + valid)
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        )
        return builder.sign(self.key, hashes.SHA256())

    def pem(self, path: Path) -> Path:
        """A file with its own certificate."""
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path

    def store(self, path: Path, own: Issued | None = None, label: str = "ibmwebspheremqorders") -> Path:
        """A PKCS#12 store with the authority's certificate and, where given, a personal one."""
        secret = serialization.BestAvailableEncryption(PASSWORD.encode())
        data = pkcs12.serialize_key_and_certificates(
            label.encode() if own else None,
            own.key if own else None,
            own.certificate if own else None,
            [self.certificate],
            secret,
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        # It stands for a stash file: that one is there is all that counts.
        path.with_suffix(".sth").touch()
        return path


def _name(name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Lab"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
