"""Any operation of MM7, for hypothesis."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from magpie.protocols import mm7
from magpie.protocols.mm7 import forms
from magpie.protocols.mm7.operations import Operation

TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12
).map(str.strip)
WORD = st.from_regex(re.compile(r"[A-Za-z0-9<&>\"'é]{1,8}"), fullmatch=True)
DATE = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
MOMENT = DATE | st.integers(0, 10**8).map(lambda seconds: timedelta(seconds=seconds))
ADDRESS = st.builds(
    mm7.Address,
    st.from_regex(re.compile(r"\+?[0-9]{3,15}"), fullmatch=True) | st.just("a@b.example"),
    st.sampled_from(mm7.AddressKind),
    st.booleans(),
    st.sampled_from(["", "encrypted"]),
    WORD | st.just(""),
)
RECIPIENTS = st.builds(
    mm7.Recipients,
    st.lists(ADDRESS, min_size=1, max_size=3).map(tuple),
    st.lists(ADDRESS, max_size=2).map(tuple),
    st.lists(ADDRESS, max_size=2).map(tuple),
)
TREE = st.recursive(
    st.builds(mm7.Tree, st.sampled_from(["Key", "element"]), TEXT),
    lambda inner: st.builds(
        mm7.Tree,
        st.just("Group"),
        st.just(""),
        st.just((("x", "1"),)),
        st.lists(inner, max_size=3).map(tuple),
    ),
    max_leaves=5,
)
CONTENT = st.builds(
    mm7.Content,
    st.sampled_from(["cid:a", "cid:b%20c"]),
    st.booleans(),
    st.sampled_from(["", "TEXT"]),
)
VALUES: dict[forms.Form, st.SearchStrategy[Any]] = {
    forms.TEXT: TEXT,
    forms.FLAG: st.none() | st.booleans(),
    forms.DATE: st.none() | DATE,
    forms.MOMENT: st.none() | MOMENT,
    forms.ADDRESS: ADDRESS,
    forms.RECIPIENTS: RECIPIENTS,
    forms.IDENTIFICATION: st.builds(mm7.Identification, TEXT, TEXT, st.none() | ADDRESS),
    forms.CONTENTS: st.lists(CONTENT, max_size=2).map(tuple),
    forms.REPLY_CHARGING: st.none()
    | st.builds(mm7.ReplyCharging, st.none() | st.integers(0, 10**9), st.none() | MOMENT),
    forms.CAPABILITIES: st.none() | st.builds(mm7.Capabilities, TEXT, st.none() | DATE),
    forms.STATUS: st.builds(mm7.Status, st.integers(1000, 9999), TEXT, TEXT),
}


def _any_of(kind: type[Operation]) -> st.SearchStrategy[Operation]:
    found: dict[str, st.SearchStrategy[Any]] = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if get_origin(hint) is None or not get_args(hint)[1:]:
            continue
        field = get_args(hint)[1]
        if isinstance(field, forms.Field):
            found[name] = _value_of(field)
    return st.builds(kind, **found)


def _value_of(field: forms.Field) -> st.SearchStrategy[Any]:
    if field.form is forms.TREES:
        one = TREE.map(lambda tree: mm7.Tree(field.name, tree.text, tree.attributes, tree.children))
        return st.lists(one, max_size=2).map(tuple)
    return (
        VALUES.get(field.form, WORD)
        if not field.required
        else VALUES.get(field.form, WORD).filter(bool)
    )


KINDS: list[type[Operation]] = [
    mm7.SubmitReq,
    mm7.SubmitRsp,
    mm7.DeliverReq,
    mm7.DeliverRsp,
    mm7.CancelReq,
    mm7.CancelRsp,
    mm7.ReplaceReq,
    mm7.ReplaceRsp,
    mm7.DeliveryReportReq,
    mm7.DeliveryReportRsp,
    mm7.ReadReplyReq,
    mm7.ReadReplyRsp,
    mm7.RsErrorRsp,
    mm7.VaspErrorRsp,
]
OPERATIONS = st.one_of([_any_of(kind) for kind in KINDS]) | st.builds(
    mm7.Fault,
    code=st.sampled_from(["Client", "Server"]),
    reason=TEXT,
    error=st.none() | _any_of(mm7.RsErrorRsp) | _any_of(mm7.VaspErrorRsp),
)
DIALECTS = st.builds(
    mm7.Dialect,
    namespace=st.sampled_from(["", mm7.REL_6, f"{mm7.SCHEMAS}REL-6-MM7-1-0"]),
    version=st.sampled_from(["6.8.0", "6.3.0"]),
    prefix=st.sampled_from(["", "mm7", "ns1"]),
    qualified=st.booleans(),
    envelope_prefix=st.sampled_from(["env", "SOAP-ENV"]),
)
