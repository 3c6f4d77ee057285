"""What the text of a Java exception says: patterns/tables/java_tls.csv of handshakes and key stores, java_network.csv
of the network.
"""

import re

from mqtrace.catalog.alerts import alert
from mqtrace.catalog.gskit import WrittenBy
from mqtrace.catalog.tables import table


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
