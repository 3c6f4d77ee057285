"""URLs, and a Dask cluster: a scheduler with two worker processes, and an S3 server on loopback."""

import gzip
import importlib.util
import os
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.triage.logs import fleet, write

from mqtrace.model import UsageError
from mqtrace.triage.part import Question
from mqtrace.triage.running import triage
from mqtrace.triage.tables import rendered_csv


def _need(*packages: str) -> None:
    missing = [package for package in packages if importlib.util.find_spec(package) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)} of the extra cluster; CI installs it")


def command(*words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """What `mqtrace triage` prints in a process of its own, as some libraries read the environment only once."""
    code = "from mqtrace.cli import main; main()"
    words = (sys.executable, "-c", code, "triage", *words, "--processes", "1")
    return subprocess.run(
        words, capture_output=True, text=True, check=False, env={**os.environ, **variables}, timeout=120
    )


@contextmanager
def served(folder: Path, certificate: Path | None = None) -> Iterator[int]:
    """A web server for the files of `folder`; gives its port."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    _need("distributed")
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    _need("moto", "s3fs", "boto3", "flask")
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    patch = pytest.MonkeyPatch()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        patch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="logs")
    client.put_object(Bucket="logs", Key="day/a.LOG", Body=fleet(3000).encode())
    client.put_object(Bucket="logs", Key="day/b.LOG.gz", Body=gzip.compress(fleet(50).encode()))
    yield "s3://logs"
    patch.undo()
    server.stop()


@pytest.mark.parametrize("by", ["message", "host"])
def test_a_cluster_gives_the_bytes_that_one_process_gives(tmp_path: Path, scheduler: str, by: str) -> None:
    write(tmp_path, fleet(3000), "a.LOG")
    write(tmp_path, fleet(50), "b.LOG")
    here = triage([str(tmp_path)], Question(by), processes=1)
    there = triage([str(tmp_path)], Question(by), scheduler=scheduler, smallest_range=100_000)
    assert rendered_csv(there) == rendered_csv(here)
    assert there.incidents == here.incidents


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "127.0.0.1:1", "tls://127.0.0.1:1"])
def test_a_scheduler_that_is_not_there_is_one_sentence_at_once(address: str) -> None:
    _need("distributed")
    begin = time.monotonic()
    with pytest.raises(
        UsageError, match=rf"^no Dask scheduler answers at {address} \(Connection refused\); start one with   dask sch"
    ):
        triage(["."], scheduler=address)
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize(
    "address", ["nonsense", "http://127.0.0.1:1", "tcp://127.0.0.1", "tcp://127.0.0.1:99999", "::1"]
)
def test_what_is_no_address_of_a_scheduler_says_what_to_type(address: str) -> None:
    _need("distributed")
    with pytest.raises(
        UsageError, match=r"is no address of a Dask scheduler; type it as   --scheduler tcp://HOST:8786"
    ):
        triage(["."], scheduler=address)


def test_a_scheduler_without_workers_is_one_sentence() -> None:
    _need("distributed")
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=None, host="127.0.0.1") as cluster:
        address = cluster.scheduler_address
        with pytest.raises(
            UsageError,
            match=rf"^the Dask scheduler at {address} has no worker; start one with   dask worker {address}$",
        ):
            triage(["."], scheduler=address)


def test_a_server_that_is_no_scheduler_is_one_line(tmp_path: Path) -> None:
    _need("distributed")
    with served(tmp_path) as port:
        done = command("--scheduler", f"tcp://127.0.0.1:{port}", str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"mqtrace: no Dask scheduler answers at tcp://127.0.0.1:{port} (")


def test_logs_in_a_bucket_are_read_like_files(tmp_path: Path, bucket: str) -> None:
    write(tmp_path, fleet(3000), "a.LOG")
    write(tmp_path, fleet(50), "b.LOG")
    here, there = triage([str(tmp_path)], processes=1), triage([f"{bucket}/day"], processes=1)
    assert [(row.key, row.count, row.first, row.last, row.line) for row in there.rows] == [
        (row.key, row.count, row.first, row.last, row.line) for row in here.rows
    ]
    assert [each.source for each in there.inputs] == ["s3://logs/day/a.LOG", "s3://logs/day/b.LOG.gz"]


def test_ranges_of_a_file_in_a_bucket_are_read_by_two_processes(bucket: str) -> None:
    one, two = (triage([f"{bucket}/day/a.LOG"], processes=number, smallest_range=100_000) for number in (1, 2))
    assert rendered_csv(one) == rendered_csv(two)


@pytest.mark.parametrize("url", ["s3://no-such-bucket/logs", "s3://logs/no-such-folder"])
def test_a_bucket_that_is_not_there_is_one_sentence(bucket: str, url: str) -> None:
    found = triage([url], processes=1)
    assert [(each.source, each.kind, "\n" in (each.error or "\n")) for each in found.inputs] == [
        (url, "unknown", False)
    ]


def test_a_store_that_does_not_answer_is_one_line_within_seconds() -> None:
    _need("s3fs")
    begin = time.monotonic()
    keys = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    done = command("s3://logs/day", **keys)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert done.stderr.startswith("mqtrace: s3://logs/day: it cannot be read (Could not connect to the endpoint URL")
    assert time.monotonic() - begin < 15


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("gs://logs/day", "reading gs:// needs another package; type   pip install gcsfs"),
        ("sftp://127.0.0.1/logs", "reading sftp:// needs another package; type   pip install paramiko"),
        ("nothing://logs", "nothing:// is no file system that fsspec knows"),
    ],
)
def test_a_file_system_that_is_not_there_is_one_sentence(url: str, words: str) -> None:
    _need("fsspec")
    if importlib.util.find_spec("gcsfs") or importlib.util.find_spec("paramiko"):
        pytest.skip("the packages are installed here")
    with pytest.raises(UsageError, match=words):
        triage([url], processes=1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, and its key, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(key.private_bytes(*plain) + pem)
    return path


def test_logs_behind_https_are_read_like_files(tmp_path: Path, certificate: Path) -> None:
    _need("fsspec", "aiohttp")
    write(tmp_path, fleet(3000), "a.LOG")
    (tmp_path / "b.LOG.gz").write_bytes(gzip.compress(fleet(50).encode()))
    with served(tmp_path, certificate) as port:
        urls = [f"https://localhost:{port}/{name}" for name in ("a.LOG", "b.LOG.gz")]
        done = command(*urls, "--format", "csv", SSL_CERT_FILE=str(certificate))
        missing = command(f"https://localhost:{port}/none.LOG", SSL_CERT_FILE=str(certificate))
        untrusted = command(urls[0])
    here = rendered_csv(triage([str(tmp_path)], processes=1)).replace(f"{tmp_path}/", f"https://localhost:{port}/")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == here.splitlines()
    assert missing.stderr == (
        f"mqtrace: https://localhost:{port}/none.LOG: there is no such file or "
        "folder, or nothing is in it: check the name.\n"
    )
    assert "CERTIFICATE_VERIFY_FAILED" in untrusted.stderr
    assert [(each.returncode, each.stdout, each.stderr.count("\n")) for each in (missing, untrusted)] == [
        (3, "", 1)
    ] * 2


def test_a_web_server_that_is_not_there_is_one_line() -> None:
    _need("fsspec", "aiohttp")
    done = command("https://localhost:1/a.LOG")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "it cannot be read (Cannot connect to host localhost:1" in done.stderr


def test_a_file_system_whose_package_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(
        UsageError,
        match=r"reading s3:// needs another package; type   pip install '\.\[cluster\]'   in the checkout of mqtrace$",
    ):
        triage(["s3://a/b"], processes=1)
