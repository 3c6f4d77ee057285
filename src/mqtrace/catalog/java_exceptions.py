"""What the text of an exception says: patterns/tables/java_tls.csv of handshakes and key stores, java_network.csv of
the network, java_properties.csv of refused properties, dotnet_exceptions.csv of .NET.
"""

import re

from mqtrace.catalog.alerts import alert
from mqtrace.catalog.gskit import WrittenBy
from mqtrace.catalog.tables import table
from mqtrace.model import Client


def java_tls_cause(text: str, written_by: WrittenBy) -> str:
    """Id of the cause that the text of an exception proves at the end that printed it, "" when it proves none."""
    received = re.search(r"[Rr]eceived fatal alert: (\w{3,40})", text)
    if received:
        known = alert(received[1])
        if known is None:
            return ""
        return known.cause_from_server if written_by == "client" else known.cause_from_client
    return next((row[f"cause_{written_by}"] for row in table("java_tls") if row["text"] in text), "")


def java_network_causes(text: str) -> tuple[str, ...]:
    """Ids of the causes that the exceptions in `text` name, each once; several where several addresses were tried."""
    return tuple(dict.fromkeys(row["cause_id"] for row in table("java_network") if row["text"] in text))


# Reasons under which the exception of a Java client is one of TLS or of a key store.
# An exception of TLS 1.3 may come once the handshake is done, with another code.
OF_TLS = "javax.net.ssl."
JAVA_TLS_REASONS = (2381, 2393, 2397, 2400)


def client_causes(text: str, client: Client, reason: int | None) -> tuple[str, ...]:
    """Ids of the causes that the exceptions in what a client printed name, each once; () where it shows none.

    `client`: whose words they are; `reason`: the code that the application got.
    """
    if "xception" not in text:
        return ()
    if client == "dotnet":
        return next(((row["cause_id"],) for row in table("dotnet_exceptions") if row["text"] in text), ())
    if reason not in JAVA_TLS_REASONS and OF_TLS not in text:
        return java_network_causes(text)
    cause = java_tls_cause(text, "client")
    return (cause,) if cause else ()


def property_cause(name: str) -> str:
    """Id of the cause that a refused value of a property of JMS is, "" where the property is none of those known."""
    return next((row["cause_id"] for row in table("java_properties") if row["property"] == name), "")
