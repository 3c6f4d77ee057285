"""Makes SYNTHETIC traces of a C client in its own words, each with what is true of it.

Words are those of the client's libraries, codes those of patterns/tables/c_return_codes.csv, nesting as in genuine call
histories. Names, values, layouts, what failed, what was tried before it and what other threads did are drawn at random.
"""

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from make_c_texts import printed
from make_c_trace import (
    LAYOUTS,
    Lines,
    Trace,
    channel_definition,
    enter,
    environments,
    interleaved,
    leave,
    of_thread,
    rows,
    text,
)

TABLES = Path(__file__).parents[1] / "patterns" / "tables"
LAYERS = ("MQCONNX", "MQCONNX", "trmzstMQCONNX", "reqDoConnect")
LOOKING = "Looking for ServerConnectionParms / MQSERVER value"
CIPHERS = ("ECDHE_RSA_AES_256_GCM_SHA384", "ANY_TLS12_OR_HIGHER", "TLS_RSA_WITH_AES_128_CBC_SHA256", "")
# What the application gets, by the family of the cause.
REASONS = {
    "tls": "MQRC_SSL_INITIALIZATION_ERROR",
    "settings": "MQRC_Q_MGR_NAME_ERROR",
    "network": "MQRC_HOST_NOT_AVAILABLE",
    "channel": "MQRC_CHANNEL_NOT_AVAILABLE",
    "auth": "MQRC_NOT_AUTHORIZED",
    "qmgr": "MQRC_Q_MGR_NOT_AVAILABLE",
    "object": "MQRC_NOT_AUTHORIZED",
}
VARIABLES = ("MQSERVER", "MQCCDTURL", "MQCHLLIB", "MQCHLTAB", "MQCERTLABL", "MQSSLKEYR")
# Said in a connection whatever becomes of it: none tells a setting or a failure.
MURMUR = (
    "component:%d function:%d length:%d options:0 cbmindex:-1 *pointer:%x",
    "getaddrinfo(): AF_INET: rc=0 errno=0",
    "Enabling TLS 1.2 CipherSpec(s): '%s'",
    "gsk_attribute_get_cert_by_label: output: ssl_rc = 0",
    "pSess->MaxSize is now: %u",
    "Server chose ProtAlg %u (FAP level 13)",
    "SSL Trace not enabled. Skipping TLS Handshake printout.",
    "OCSPAuthentication is OPTIONAL; ignoring unknown status",
    "select() [TIMEOUT] %d seconds",
    "Certificate Validation Policy: ANY",
    "1. Socket bound to PeerName '%s'",
    "CipherSpec Requirements: FIPS(FALSE) MinimumSuiteBLevel(0)",
)


@dataclass
class Truth:
    """What is true of one call.

    Attributes:
        reason: name of the reason code.
        causes: the causes of which one may be called certain.
        settings: for each setting its value and its source.
    """

    reason: str = "OK"
    causes: set[str] = field(default_factory=set)
    settings: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Made:
    """A trace, and what is true of each thread's call."""

    trace: Trace
    truths: dict[int, Truth]


@dataclass
class Drawn:
    """The words in which a definition or a label is told, and what the environment holds for it."""

    channel: str
    address: str
    table: bool = False
    source: str = ""
    said: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    ccdt: tuple[str, str] = ("", "none")


def return_codes() -> list[dict[str, str]]:
    """The rows of the table of codes."""
    with (TABLES / "c_return_codes.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def word(choice: Random, longest: int = 12) -> str:
    """A name as MQ allows it."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._"
    return choice.choice("ABCDEFGH") + "".join(choice.choice(letters) for _ in range(choice.randrange(1, longest)))


def definition(choice: Random) -> Drawn:
    """Where the channel's definition comes from."""
    channel, address = word(choice, 20), f"{word(choice).lower().replace('_', '-')}({choice.randrange(1, 65536)})"
    drawn = Drawn(channel, address)
    string, path = f"{channel}/TCP/{address}", f"/{word(choice).lower()}"
    kind = choice.choice(("mqserver", "parms", "url", "directory", "ini-directory", "default", "explicit"))
    drawn.source = {"mqserver": "env:MQSERVER", "parms": "ini:Channels.ServerConnectionParms"}.get(kind, "ccdt")
    drawn.table = drawn.source == "ccdt"
    if kind == "mqserver":
        drawn.variables["MQSERVER"] = string
        drawn.said = [f"Using MQSERVER value of {string}", "ServerConnectionParms / MQSERVER value found"]
    elif kind == "parms":
        drawn.said = [f"Using ServerConnectionParms value of {string}", "ServerConnectionParms / MQSERVER value found"]
    elif kind == "url":
        drawn.variables["MQCCDTURL"] = f"file://{path}.json"
        drawn.said, drawn.ccdt = (
            [f"Using MQCCDTURL specified channel table of file://{path}.json"],
            (path, "env:MQCCDTURL"),
        )
    elif kind == "explicit":
        drawn.said, drawn.ccdt = [f"Opening explicit ChannelFile of file://{path}.json"], (path, "application")
    elif kind == "default":
        drawn.said, drawn.ccdt = [f"Using default channel file of {path}/AMQCLCHL.TAB"], (path, "default")
    else:
        drawn.said = [
            f"Using ChannelDefinitionDirectory / MQCHLLIB value of {path}",
            f"Using ChannelDefinitionFile / MQCHLTAB value of {word(choice)}.TAB",
        ]
        if kind == "directory":
            drawn.variables |= {"MQCHLLIB": path, "MQCHLTAB": drawn.said[1].rpartition(" ")[2]}
        drawn.ccdt = path, "env:MQCHLLIB" if kind == "directory" else "ini:Channels.ChannelDefinitionDirectory"
    return drawn


def label(choice: Random, drawn: Drawn) -> tuple[list[str], tuple[str, str]]:
    """How the certificate label is told, its value and its source; fills in the environment."""
    value = word(choice).lower()
    of_definition = [("MQCD", "ccdt")] if drawn.table else []
    name, source = choice.choice(
        [("MQSCO", "application"), ("Config", "env:MQCERTLABL"), ("Config", "ini:SSL.CertificateLabel"),
         ("Default", "default"), *of_definition]
    )  # fmt: skip
    if source == "env:MQCERTLABL":
        drawn.variables["MQCERTLABL"] = value
    padded = value.ljust(64) if choice.random() < 0.5 else value
    return [f"{name} CertificateLabel '{padded}'", f"Saved CertificateLabel '{value}'"], (value, source)


def murmur(choice: Random, most: int = 3) -> Lines:
    """Words that tell nothing."""
    forms = choice.sample(MURMUR, choice.randrange(most))
    return text(*(printed(form, word(choice), number=choice.randrange(1, 400)) for form in forms))


def failing(choice: Random, code: dict[str, str], depth: int) -> Lines:
    """Functions, each within the next, that return the code."""
    inner = choice.choice(("cciTcpInit", "ccxSend", "<0012abcd>", "rriAddStatus"))
    functions = list(enumerate(("ccxAllocConv", "cciTcpAllocConv", inner)[-choice.randrange(1, 4) :], start=depth))
    begun = [enter(name, at) for at, name in functions]
    return [*begun, *murmur(choice), *(leave(name, at, code["name"]) for at, name in reversed(functions))]


def lived_with(choice: Random, codes: list[dict[str, str]]) -> Lines:
    """A failure that its caller replaced by success."""
    code = choice.choice(codes)
    return [enter("ccxAllocConv", 6), *failing(choice, code, 7), leave("ccxAllocConv", 6)]


def call(choice: Random, drawn: Drawn, variables: dict[str, str], truth: Truth) -> Lines:
    """A whole call of one thread; fills in what is true of it."""
    codes = return_codes()
    code = choice.choice(codes)
    fails = choice.random() < 0.8
    if fails:
        truth.reason = REASONS[code["cause_id"].partition(".")[0]]
        truth.causes = set() if code["alternative_id"] else {code["cause_id"]}
    said, told = label(choice, drawn)
    cipher = choice.choice(CIPHERS) if drawn.table else ""
    fields = {"SSLCipherSpec": cipher, "CertificateLabel": told[0] if told[1] == "ccdt" else ""}
    truth.settings = {"channel": (drawn.channel, drawn.source), "address": (drawn.address, drawn.source),
                      "cipher_spec": (cipher, "ccdt" if cipher else "none"), "ccdt": drawn.ccdt}  # fmt: skip
    truth.settings["certificate_label"] = told
    truth.settings["key_repository"] = (variables.get("MQSSLKEYR", ""), "env:MQSSLKEYR")
    dump = rows(channel_definition(drawn.channel, drawn.address, **fields)) if choice.random() < 0.8 else []
    again = lived_with(choice, codes) if choice.random() < 0.4 else []
    inner = [
        *dump,
        *murmur(choice),
        *(text(*said) if cipher else []),
        *again,
        *(failing(choice, code, 6) if fails else []),
    ]
    if not cipher:
        del truth.settings["certificate_label"]
    result, inner_code = (truth.reason, code["name"]) if fails else ("OK", "OK")
    session = [enter("rriInitSess", 5), *inner, leave("rriInitSess", 5, inner_code)]
    chosen = text(LOOKING, *drawn.said, f"SELECT CHANNEL <{drawn.channel:<20}>")
    begin = [enter(name, depth) for depth, name in enumerate(LAYERS)]
    end = [leave(name, len(LAYERS) - 1 - depth, result) for depth, name in enumerate(reversed(LAYERS))]
    variables_read = environments(**{name: variables.get(name) for name in VARIABLES})
    read = [enter("ccxCheckConfig", 4), *variables_read, leave("ccxCheckConfig", 4)]
    connected = [enter("reqConnectChl", 4), *session, leave("reqConnectChl", 4, result)]
    return [*begin, *text(f"QMGR is <{word(choice):<48}>"), *read, *chosen, *murmur(choice), *connected, *end]


def made(seed: int) -> Made:
    """The trace of that number, the same in every run."""
    choice = Random(seed)
    drawn = definition(choice)
    if choice.random() < 0.7:
        drawn.variables["MQSSLKEYR"] = f"/{word(choice).lower()}/key"
    truths = {1: Truth()}
    lines = call(choice, drawn, drawn.variables, truths[1])
    # What label() draws is known only now, and the environment was read before: it is read as it is.
    lines = _with_environment(lines, drawn.variables)
    if choice.random() < 0.5:
        truths[2] = Truth()
        other = call(choice, drawn, drawn.variables, truths[2])
        other = of_thread(2, _with_environment(other, drawn.variables))
        lines = _with_environment(lines, drawn.variables)
        lines = interleaved(lines, other) if choice.random() < 0.5 else [*lines, *other]
    layout = choice.choice(LAYOUTS)
    return Made(Trace(lines, layout, choice.choice(("boxed", "none", "record"))), truths)


def _with_environment(lines: Lines, variables: dict[str, str]) -> Lines:
    """The lines, with the values of all variables that the process has."""
    found = []
    for at, line in enumerate(lines):
        name = re.fullmatch(r"xcsGetEnvironmentString\[(\w+)\] = .*", line.body)
        if name and name[1] in variables:
            line = line.__class__(
                line.kind, f"xcsGetEnvironmentString[{name[1]}] = '{variables[name[1]]}'", line.thread
            )
        elif line.body.startswith("-") and "}! xcsGetEnvironmentString" in line.body:
            before = re.match(r"xcsGetEnvironmentString\[(\w+)\]", lines[at - 1].body)
            if before and before[1] in variables:
                line = leave("xcsGetEnvironmentString", len(line.body) - len(line.body.lstrip("-")))
        found.append(line)
    return found
