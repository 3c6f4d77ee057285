"""What triage found, with pseudonyms for hosts, users and organisations."""

from msgspec.structs import replace

from mqtrace.redaction.identities import Identities
from mqtrace.triage.result import Triage, cleaned


def redacted_triage(found: Triage, identities: Identities) -> Triage:
    """The answer with a pseudonym for each one whom it names; they are added to `identities`."""
    for each in found.inputs:
        identities.learn_input(each.source)
    for row in found.rows:
        identities.learn(found.by, row.key)
    for incident in found.incidents:
        for name, values in (("address", incident.addresses), ("channel", incident.channels)):
            for value in values:
                identities.learn(name, value)
        # Where no queue manager is told a place is a host, and which of the two it is it does not tell.
        for place in incident.queue_managers:
            identities.learn("host", place)
        for event in incident.events:
            identities.learn("host", event.place)
            identities.learn("address", event.address)
    hidden = cleaned(found, identities.hidden)
    rows = tuple(
        replace(after, key=identities.hidden_value(found.by, before.key))
        for before, after in zip(found.rows, hidden.rows, strict=True)
    )
    return replace(hidden, rows=rows, notes=tuple(map(identities.hidden, found.notes)))
