"""One thing that a record says."""

from typing import Literal

from msgspec import Struct

from mqtrace.model.location import Evidence, Location

Proves = Literal["set", "read", "used", "not-set", "rejected", "default"]
# shipped: the words stand in the client's library; what prints them, and when, is not known.
Basis = Literal["observed", "shipped", "documented", "reported"]


class Fact(Struct, frozen=True):
    """One thing that a record says.

    Attributes:
        name: what it is about ("env.MQSSLKEYR", "ccdt.file", "mqcd.ChannelName", "tls.alert").
        value: the value as text; "" for a fact that only states that something is there or is not.
        location: where it stands.
        text: the line as the report shows it, secrets masked.
        proves: set (given somewhere), read (looked at), used (in force), not-set, rejected, default.
        thread: "pid.tid" of the record, "" where it has none.
        clock: time of day as written, "" where the record has none.
        pattern: id of the entry of patterns/ that found it.
        basis: how that pattern is known: observed, shipped, documented or reported.
        when: local time in ISO 8601 with microseconds; the time of day alone without a date, "" without any.
    """

    name: str
    value: str
    location: Location
    text: str
    proves: Proves = "read"
    thread: str = ""
    clock: str = ""
    pattern: str = ""
    basis: Basis = "observed"
    when: str = ""

    @property
    def evidence(self) -> Evidence:
        """The fact's line as proof."""
        return Evidence(self.location, self.text)
