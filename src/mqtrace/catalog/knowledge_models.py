"""The form of an entry of patterns/causes, patterns/messages and patterns/reasons, as pydantic models (a package of the test extra)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=3, pattern=r"\S$")]
Line = Annotated[str, Field(min_length=3, max_length=140, pattern=r"^[^\n]*\S$")]
Texts = Annotated[list[Text], Field(min_length=1)]
CauseId = Annotated[str, Field(pattern=r"^(network|settings|channel|tls|auth|object|qmgr)\.[a-z0-9]+(-[a-z0-9]+)*$")]
CauseFamily = Annotated[str, Field(pattern=r"^(\*|(network|settings|channel|tls|auth|object|qmgr)\.(\*|[a-z0-9-]+))$")]
Basis = Literal["observed", "documented", "reported"]
Insert = Literal["1", "2", "3", "4", "5"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    basis: Basis
    source: Text


class Cause(_Entry):
    """An entry of patterns/causes."""

    id: CauseId
    title: Line
    explanation: Text
    fix: Annotated[list[Text], Field(min_length=1, max_length=7)]
    specificity: Annotated[int, Field(ge=1, le=100)]
    consequences_of: list[CauseFamily]


class Alternative(BaseModel):
    """Another cause that fits a message."""

    model_config = ConfigDict(extra="forbid", strict=True)
    id: CauseId
    how_to_tell: Text


class SharpenedBy(BaseModel):
    """The insert of a message that names the cause more exactly: a number, or the text of a Java exception."""

    model_config = ConfigDict(extra="forbid", strict=True)
    insert: Annotated[int, Field(ge=1, le=5)]
    table: Literal["errno", "gskit", "gskit_validation", "system_ssl", "java_tls"]
    call: Annotated[int, Field(ge=1, le=5)] | None = None
    calls: str | None = None


class OnlyIf(BaseModel):
    """The insert that tells whether a message is of its cause at all, and what it must hold then (a regex)."""

    model_config = ConfigDict(extra="forbid", strict=True)
    insert: Annotated[int, Field(ge=1, le=5)]
    regex: str


class Message(_Entry):
    """An entry of patterns/messages."""

    id: Annotated[str, Field(pattern=r"^(AMQ\d{4,5}|CSQX\d{3}|(CW[A-Z]{3}|FFDC)\d{4})$")]
    severity: Literal["I", "W", "E", "S", "T"]
    title: Line
    meaning: Text
    inserts: dict[Insert, Text] = {}
    causes: Texts
    fixes: list[Text] = []
    role: Literal["cause", "consequence", "information", "unspecific"]
    cause: CauseId | None = None
    cause_client: CauseId | None = None
    cause_server: CauseId | None = None
    confidence: Literal["certain", "likely", "possible"] | None = None
    alternatives: list[Alternative] = []
    sharpened_by: SharpenedBy | None = None
    only_if: OnlyIf | None = None
    reason_codes: list[int] = []


class Reason(_Entry):
    """An entry of patterns/reasons."""

    id: Annotated[str, Field(pattern=r"^\d{4}$")]
    name: Annotated[str, Field(pattern=r"^MQRC_[A-Z0-9_]+$")]
    title: Line
    meaning: Text
    causes: Texts
    fixes: Texts
    cause: CauseId | None = None


MODELS: dict[str, type[BaseModel]] = {"cause": Cause, "message": Message, "reason": Reason}
