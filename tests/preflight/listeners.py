"""Listeners on loopback that stand for the other end."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mqtrace.preflight.first_flow import initial_data

Act = Callable[[socket.socket], None]


@contextmanager
def listening(act: Act) -> Iterator[int]:
    """A listener that does `act` with each connection; gives its port."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                stream, _ = server.accept()
            except (TimeoutError, OSError):
                continue
            with stream:
                stream.settimeout(2)
                try:
                    act(stream)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        ended.set()
        server.close()
        thread.join(3)


def answers(data: bytes, received: list[bytes] | None = None) -> Act:
    """Takes the first flow, and answers."""

    def act(stream: socket.socket) -> None:
        flow = stream.recv(4096)
        if received is not None:
            received.append(flow)
        stream.sendall(data)
        stream.recv(1)

    return act


def closes(stream: socket.socket) -> None:
    """Takes the first flow and says nothing."""
    stream.recv(4096)


def says_nothing(stream: socket.socket) -> None:
    """Waits until the client has enough."""
    while stream.recv(4096):
        pass


def over_tls(
    act: Act, pem: Path, *, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2, wants: Path | None = None,
    names: list[str] | None = None,
) -> Act:  # fmt: skip
    """The same behind TLS of one version; `wants` is the authority whose certificate a client must show."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = version
    context.load_cert_chain(pem)
    if wants:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(wants)

    def named(_: object, name: str | None, __: object) -> None:
        if names is not None:
            names.append(name or "")

    context.sni_callback = named

    def secure(stream: socket.socket) -> None:
        with context.wrap_socket(stream, server_side=True) as inner:
            act(inner)

    return secure


def known_channel(channel: str = "APP.SVRCONN", queue_manager: str = "QM1") -> bytes:
    """The answer of a queue manager that knows the channel: its own initial data."""
    return initial_data(channel, queue_manager)


def refusal(status: int) -> bytes:
    """An error segment."""
    header = b"TSH " + (36).to_bytes(4, "big") + bytes([1, 5, 0x0A, 0]) + bytes(8)
    header += (0x111).to_bytes(4, "big") + (819).to_bytes(2, "big") + bytes(2)
    return header + (8).to_bytes(4, "big") + status.to_bytes(4, "big")
