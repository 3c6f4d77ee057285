"""URLs, and a Dask cluster: a scheduler with two worker processes, and an S3 server on loopback."""

import gzip
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
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
        pytest.skip(f"needs {', '.join(missing)} of mqtrace[cluster]; CI installs it")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    _need("distributed")
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1") as cluster:
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


def test_a_scheduler_that_is_not_there_is_one_sentence() -> None:
    _need("distributed")
    with pytest.raises(UsageError, match=r"^no Dask scheduler answers at tcp://127\.0\.0\.1:1 "):
        triage(["."], scheduler="tcp://127.0.0.1:1")


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
    assert [(each.source, each.kind, "\n" in (each.error or "\n")) for each in found.inputs] == [(url, "unknown", False)]


def test_a_file_system_whose_package_is_missing_says_what_to_install() -> None:
    code = "import sys; sys.modules['fsspec'] = None\nfrom mqtrace.triage.running import triage\ntriage(['s3://a/b'], processes=1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip().splitlines()[-1].endswith("reading s3:// needs another package; type   pip install 'mqtrace[cluster]'")
