"""The data that ships with mqtrace: its folders, and the CSV tables of patterns/tables with their columns."""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import zip_longest
from pathlib import Path

from mqtrace.model import PatternError

Row = dict[str, str]
# The columns of each table. Behind a name: # for a whole number, @ for the id of a cause, ? for a cell that may be
# empty.
COLUMNS: Mapping[str, str] = {
    "alert_causes": "code# cause_from_server@? cause_from_client@? meaning",
    "alias_matrix": "tls13_enabled_both_ends# client_sslciph server_sslciph outcome confidence",
    "alias_specs": "name kind protocols? since members java_value? source confidence",
    "ccdt_attributes": "path type values? default? max_length#? mqsc mqcd_field? confidence",
    "cipher_suites": "kind hex name",
    "ciphers": "cipherspec protocol hex iana iana_fits_32 key_exchange server_cert bulk? bits#? mac_or_prf? fips "
    "suite_b default_8003 order_920#? weak_or_deprecated_since? jsse_ibm? jsse_oracle? source confidence note?",
    "c_return_codes": "name cause_id@ alternative_id@? reason_code#?",
    "client_calls": "call phase",
    "client_products": "product client",
    "failure_report_blocks": "block? label fact proves cut#?",
    "failure_report_inserts": "insert word of fact",
    "errno": "errno# platform symbol cause_id@",
    "error_segment": "status_hex meaning amq_of_java_client? reason_java#? reason_dotnet#? amq_of_c_client reason_c# "
    "cause_id@ alternative_id@? confidence",
    "gskit": "code# name? meaning usual_cause? mq_message_seen? cause_id@? confidence",
    "gskit_alert_places": "source line# sender",
    "gskit_return_codes": "scenario client_versions call? rc#? symbolic_name? detail_code#? detail_name? true_cause "
    "gskit_trace_says? confidence",
    "gskit_validation": "code# name cause_client@ cause_server@",
    "gskit_zos": "code# meaning cause_id@?",
    "java_network": "text cause_id@",
    "java_tls": "text cause_client@ cause_server@?",
    "java_properties": "property cause_id@",
    "dotnet_exceptions": "text cause_id@",
    "jsse_text": "jsse_text_pattern meaning usual_mq_cause cause_id@",
    "key_usage_words": "word usages",
    "keystore_rules": "topic rule version? source confidence",
    "name_attributes": "name oid? other?",
    "message_headings": "locale catalogue_ccsid# explanation action",
    "message_inserts": "id arith_inserts? comment_inserts?",
    "message_meanings": "id writer meaning todo",
    "message_reason_inserts": "message insert# basis source",
    "mq_field_values": "struct field value# name",
    "mq_struct_fields": "struct index# field ctype since_version# offset_64# offset_64_hex length_64# offset_32# "
    "offset_32_hex length_32# is_pointer",
    "mq_struct_lengths": "struct version# length_64# length_32# end_of_last_field_64# end_of_last_field_32#",
    "mqcc": "code# name",
    "mqclient_ini": "stanza attribute values? env? clients ignored_by? case? confidence",
    "mqrc": "code# hex name aliases?",
    "openssl_reasons": "part cause_id@",
    "openssl_verify": "code# meaning",
    "programs": "prefix end role",
    "tls_alerts": "code# name note_for_mq?",
    "warning_reasons": "code# name",
}


@cache
def table(name: str) -> tuple[Row, ...]:
    """All rows of patterns/tables/`name`.csv, each a dict of column -> text. Raises PatternError where its columns are
    not those known.
    """
    return read_table(data_folder("patterns") / "tables" / f"{name}.csv")


def read_table(path: Path) -> tuple[Row, ...]:
    """All rows of a table. Lines that begin with # are comments."""
    columns = [name.rstrip("#@?") for name in COLUMNS.get(path.stem, "").split()]
    with path.open(encoding="utf-8", newline="") as lines:
        # Not csv.DictReader, which takes three times as long; as with it, blank lines are none.
        rows = filter(None, csv.reader(line for line in lines if not line.startswith("#")))
        if next(rows, []) != columns:
            raise PatternError(f"{path.name}: its columns must be {', '.join(columns) or 'named in catalog/tables.py'}")
        return tuple(dict(zip_longest(columns, row)) for row in rows)


def misfits(path: Path) -> Iterator[tuple[int, str, str]]:
    """Row (from 1), column and problem of each cell that its column does not take. Ids of causes are not looked up."""
    for number, row in enumerate(read_table(path), 1):
        for column in COLUMNS[path.stem].split():
            name, cell = column.rstrip("#@?"), row.get(column.rstrip("#@?"))
            if cell is None:
                yield number, name, "is missing"
            elif not cell and not column.endswith("?"):
                yield number, name, "must not be empty"
            elif cell and "#" in column and not cell.removeprefix("-").isdecimal():
                yield number, name, f"must be a whole number, and is {cell!r:.60}"


def causes_named(path: Path) -> Iterator[str]:
    """Every id of a cause that a table names."""
    columns = [column.rstrip("@?") for column in COLUMNS[path.stem].split() if "@" in column]
    yield from filter(None, (row[column] for row in read_table(path) for column in columns))


@cache
def data_folder(name: str) -> Path:
    """Folder `name` ("patterns" or "sample-traces"): inside an installed wheel, else at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "data" / name
    return installed if installed.is_dir() else package.parent.parent / name
