"""What would come of the connection, in the report's nouns."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from mqtrace.evidence.configuration import Configuration
from mqtrace.model import Cause, Evidence, Finding, Gap, InputRead, Location, Outcome, Report
from mqtrace.model.key_store import KeyStore
from mqtrace.model.preflight import ChannelAhead, Check, CheckState, Preflight, Verdict
from mqtrace.model.text import text
from mqtrace.preflight.ahead import Ahead, Wanted, beforehand, look_ahead
from mqtrace.preflight.channels import channels_of, plain_though_asked, tls_checks
from mqtrace.preflight.definition import checks_of
from mqtrace.preflight.stores import open_stores
from mqtrace.preflight.surroundings import Surroundings
from mqtrace.report.shown import shown
from mqtrace.rules import choose_cause
from mqtrace.rules.outcome import decide
from mqtrace.settings.channel_choice import remaining_reason

NOTHING_OF_PROGRAM = "What the program gives itself would come before all this: --program KEY=VALUE tells it."
WITHOUT_TLS = "settings.ccdt-first-match-without-tls"
# Open questions of what a trace does not hold: nothing was traced.
_OF_TRACES = "gap."
_WORST_FIRST: tuple[CheckState, ...] = ("fails", "open")
_VERDICTS: dict[CheckState, Verdict] = {"fails": "would-fail", "open": "cannot-tell", "ok": "would-connect"}
Reach = Callable[[Ahead, Sequence[ChannelAhead]], list[Check]]


def preflight(
    wanted: Wanted, around: Surroundings, password: Callable[[], str | None], reach: Reach | None = None
) -> Report:
    """The report on a connection that has not been made. `reach`, where given, asks the other end."""
    ahead = look_ahead(wanted, around)
    checks, channels = checks_of(ahead), channels_of(ahead)
    able = all(each.state == "ok" for each in checks)
    stores = open_stores(ahead, password) if able and any(each.cipher_spec for each in channels) else []
    ahead.stores = stores
    of_tls = tls_checks(ahead, channels, stores) if able else []
    checks += [*_of_channels(ahead, channels, of_tls), *plain_though_asked(ahead, channels)]
    if reach and not any(each.state == "fails" for each in checks):
        checks += reach(ahead, channels)
    told = _answer(checks, ahead)
    told = replace(
        told, ini_files=ahead.inis, channels=channels, stores=tuple(stores),
        by_chance=bool(ahead.choice and ahead.choice.order == "random"),
    )  # fmt: skip
    outcome, findings = _decided(ahead, told, stores)
    findings += list(_first_without_tls(ahead, channels))
    inputs = (*ahead.inputs, *(InputRead(each.source, "key-store", error=each.note or None) for each in stores))
    gaps = tuple(Gap(each.text, "") for each in checks if each.state == "open")
    notes = (*ahead.choice.problems, *ahead.choice.notes) if ahead.choice else ()
    notes += () if wanted.program else (NOTHING_OF_PROGRAM,)
    return shown(Report((outcome,), tuple(findings), inputs, gaps, notes, preflight=told))


def _of_channels(ahead: Ahead, channels: Sequence[ChannelAhead], of_tls: Sequence[Sequence[Check]]) -> list[Check]:
    """The steps of TLS: those of the first channel, unless a later one would go otherwise."""
    if not of_tls:
        return []
    first = list(of_tls[0])
    ways = [_way(steps) for steps in of_tls]
    if len(set(ways)) == 1:
        # All go the same way; what remains when all fail is decided over all of them.
        reason = remaining_reason((code for steps in of_tls if (code := _reason(steps))), ahead.wanted.client)
        return [replace(each, reason_code=reason or None) if each.state == "fails" else each for each in first]
    if ways[0] == "ok":
        return first
    others = ", ".join(channel.channel for channel, way in zip(channels, ways, strict=True) if way == "ok")
    softened = [replace(each, state="open") if each.state == "fails" else each for each in first]
    if not others:
        return softened
    return [
        *softened,
        Check(
            "channel",
            "open",
            text("{channel} comes first; {others} would be tried too.", channel=channels[0].channel, others=others),
        ),
    ]


def _way(steps: Sequence[Check]) -> CheckState:
    """How all of the steps go together: as the worst of them."""
    states = {each.state for each in steps}
    return next((each for each in _WORST_FIRST if each in states), "ok")


def _reason(steps: Sequence[Check]) -> int | None:
    return next((each.reason_code for each in steps if each.state == "fails"), None)


def _answer(checks: Sequence[Check], ahead: Ahead) -> Preflight:
    way = _way(checks)
    decisive = next((each for each in checks if each.state == way), None) if way != "ok" else None
    because = decisive.text if decisive else "Nothing that was looked at keeps it from reaching the queue manager."
    return Preflight(
        verdict=_VERDICTS[way],
        reason_code=decisive.reason_code if decisive else 0,
        because=because,
        told_by=ahead.around.told_by,
        at=ahead.wanted.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        level=ahead.wanted.level,
        checks=tuple(checks),
    )


def _decided(ahead: Ahead, told: Preflight, stores: Sequence[KeyStore]) -> tuple[Outcome, list[Finding]]:
    """The outcome by the rules that judge traces, with what would fail as its cause."""
    rows = beforehand(ahead.rows.values())
    given: Configuration = ahead.configuration
    for store in stores:
        given = given.with_store(store)
    outcome, found = decide(ahead.connection(facts=tuple(ahead.facts)), rows, given)
    findings = [each for each in found if not each.id.startswith(_OF_TRACES)]
    cause = _cause(told)
    return replace(outcome, cause=cause), findings


def _cause(told: Preflight) -> Cause | None:
    failing = next((each for each in told.checks if each.state == "fails" and each.cause), None)
    if failing is None:
        return None
    evidence = failing.evidence or (Evidence(Location(told.told_by, 0), failing.text),)
    return choose_cause([Finding(failing.cause, "fail", failing.text, "certain", evidence)])


def _first_without_tls(ahead: Ahead, channels: Sequence[ChannelAhead]) -> list[Finding]:
    """A channel without a CipherSpec is tried first, and another one of the table has one."""
    protected = next((each for each in channels[1:] if each.cipher_spec), None)
    if not channels or channels[0].cipher_spec or protected is None or ahead.table_file is None:
        return []
    said = text(
        "{channel} is tried first and has no CipherSpec; {channel2}, which comes later, has {cipher_spec}.",
        channel=channels[0].channel,
        channel2=protected.channel,
        cipher_spec=protected.cipher_spec,
    )
    evidence = (Evidence(Location(ahead.table_file.name, 0), said),)
    return [Finding(WITHOUT_TLS, "warn", said, "certain", evidence)]
