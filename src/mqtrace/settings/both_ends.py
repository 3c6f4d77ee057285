"""What output of runmqsc says of the other end of a connection: its channel, its queue manager, who is connected."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from mqtrace.model import ConfigValue
from mqtrace.readers.configuration.mqsc_objects import MqscObject, objects

SERVER_CONNECTION, CLIENT_CONNECTION = "SVRCONN", "CLNTCONN"


class OtherEnd(Struct, frozen=True):
    """The other end as far as the output shows it.

    Attributes:
        channel: the definition of the channel; None where it is not shown, or shown differently by several queue
            managers.
        queue_manager: the queue manager's own attributes, None where they are not shown.
        instances: the running instances of that channel.
        server_connections: names of all server-connection channels that are shown.
        is_ambiguous: whether several queue managers define the channel differently.
    """

    channel: MqscObject | None
    queue_manager: MqscObject | None
    instances: tuple[MqscObject, ...]
    server_connections: tuple[str, ...]
    is_ambiguous: bool = False


def other_end(values: Iterable[ConfigValue], channel: str, queue_manager: str) -> OtherEnd:
    """The other end of a connection by that channel; `queue_manager` as the application named it, which may be blank
    or a group ("*X").

    Output that is known to be of another queue manager does not count.
    """
    shown = [held for held in objects(values) if _may_be(held, queue_manager)]
    # A queue manager may hold the client's definition of the same name, too.
    definitions = [
        held for held in shown if held.kind == "channel" and held.attributes.get("CHLTYPE") != CLIENT_CONNECTION
    ]
    own = [definition for definition in definitions if definition.name == channel]
    ambiguous = any(_compared(definition) != _compared(own[0]) for definition in own[1:])
    chosen = own[-1] if own and not ambiguous else None
    of_same = [held for held in shown if chosen is None or held.queue_manager == chosen.queue_manager]
    managers = [held for held in of_same if held.kind == "qmgr" and len(held.attributes) > 1]
    served = [definition for definition in definitions if definition.attributes.get("CHLTYPE") == SERVER_CONNECTION]
    return OtherEnd(
        chosen,
        managers[-1] if len({manager.name for manager in managers}) == 1 else None,
        tuple(held for held in of_same if held.kind == "status" and held.name == channel),
        tuple(dict.fromkeys(definition.name for definition in served)),
        ambiguous,
    )


def _may_be(shown: MqscObject, queue_manager: str) -> bool:
    return (
        not shown.queue_manager
        or not queue_manager.strip("* ")
        or queue_manager.startswith("*")
        or shown.queue_manager == queue_manager
    )


def _compared(channel: MqscObject) -> Sequence[str | None]:
    return [
        channel.attributes.get(name)
        for name in ("CHLTYPE", "SSLCIPH", "SSLCAUTH", "SSLPEER", "MAXINST", "MAXINSTC", "CERTLABL")
    ]


def differs_by_case_only(server: str, client: str) -> bool:
    """Whether the server's value is the client's in upper case: what runmqsc makes of a value without quotes."""
    return bool(client) and server != client and server == client.upper()


def is_upper_case_path(value: str) -> bool:
    """Whether a path of UNIX is all in upper case, which nobody types on purpose."""
    return value.startswith("/") and value.count("/") > 1 and value == value.upper() != value.lower()
