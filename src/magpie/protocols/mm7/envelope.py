"""The envelope and its one operation, between octets and values.

Read by local names, in any order and any namespace; written in the order of the schema.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints
from xml.etree import ElementTree as ET

import msgspec

from magpie.protocols.mm7 import operations as catalogue
from magpie.protocols.mm7.dialect import Dialect
from magpie.protocols.mm7.document import root_of
from magpie.protocols.mm7.errors import ReadError
from magpie.protocols.mm7.forms import Field, children, local, text_in
from magpie.protocols.mm7.operations import Fault, Operation, Request, RsErrorRsp, VaspErrorRsp
from magpie.protocols.mm7.scribe import Scribe, clean
from magpie.protocols.mm7.status import StatusCode

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_PROLOGUE: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """`version` and `namespace` are what the peer wrote, perhaps nothing."""

    transaction_id: str
    operation: Operation
    version: str = ""
    namespace: str = ""


def _subclasses(kind: type[Operation]) -> Iterator[type[Operation]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)


def _layout(kind: type[Operation]) -> tuple[tuple[str, Field], ...]:
    hints = get_type_hints(kind, vars(catalogue), include_extras=True)
    return tuple(
        (name, get_args(hints[name])[1])
        for name in kind.__struct_fields__
        if get_origin(hints[name]) is Annotated
    )


_KINDS: Final = {
    kind.name.lower(): kind for kind in _subclasses(Operation) if hasattr(kind, "name")
}
_LAYOUTS: Final = {kind: _layout(kind) for kind in _KINDS.values()}
_EMPTY: Final[tuple[Any, ...]] = (None, "", ())


def read_envelope(document: bytes, charset: str = "", *, namespace: str | None = None) -> Envelope:
    """Raise ReadError and nothing else. Strict readers give the `namespace` that must stand."""
    root = root_of(document, charset)
    body = next(iter(children(root, "Body")), None)
    if local(root.tag) != "Envelope" or body is None or not len(body):
        raise ReadError(StatusCode.FORMAT_CORRUPT, "this is no SOAP envelope with a body")
    element = body[0]
    transaction_id = _transaction_id(root)
    space = element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""
    try:
        _check_namespace(space, namespace)
        operation = _operation(element, transaction_id)
    except ReadError as error:
        name = local(element.tag)
        raise ReadError(error.status, error.text, transaction_id, name) from error
    return Envelope(
        transaction_id=transaction_id,
        operation=operation,
        version=next(map(text_in, children(element, "MM7Version")), ""),
        namespace=space,
    )


def _transaction_id(root: ET.Element) -> str:
    found = (one for header in children(root, "Header") for one in header.iter())
    return next((text_in(one) for one in found if local(one.tag) == "TransactionID"), "")


def _check_namespace(found: str, wanted: str | None) -> None:
    if wanted is not None and found not in {wanted, SOAP}:
        raise ReadError(StatusCode.UNSUPPORTED_VERSION, f"the namespace is {found[:100]!r}")


def _operation(element: ET.Element, transaction_id: str) -> Operation:
    kind = _KINDS.get(local(element.tag).lower())
    if kind is None:
        raise ReadError(StatusCode.UNSUPPORTED_OPERATION, f"{local(element.tag)[:60]} is unknown")
    if issubclass(kind, Request) and not transaction_id:
        raise ReadError(StatusCode.FORMAT_CORRUPT, "TransactionID is missing")
    return _fault(element) if kind is Fault else _fields(kind, element)


def _fields(kind: type[Operation], element: ET.Element) -> Operation:
    found: dict[str, list[ET.Element]] = {}
    for child in element:
        found.setdefault(local(child.tag).lower(), []).append(child)
    values = {}
    for name, field in _LAYOUTS[kind]:
        if elements := found.get(field.name.lower()):
            values[name] = field.form.read(elements)
        if field.required and values.get(name) in _EMPTY:
            raise ReadError(StatusCode.VALIDATION_ERROR, f"{field.name} is missing or empty")
    return kind(**values)


def _fault(element: ET.Element) -> Fault:
    inside = (one for detail in children(element, "detail") for one in detail.iter())
    kinds = ((_KINDS.get(local(one.tag).lower()), one) for one in inside)
    errors = (_fields(kind, one) for kind, one in kinds if kind in {RsErrorRsp, VaspErrorRsp})
    error = next(errors, None)
    assert error is None or isinstance(error, RsErrorRsp | VaspErrorRsp)
    return Fault(
        code=next(map(text_in, children(element, "faultcode")), "").rpartition(":")[2],
        reason=next(map(text_in, children(element, "faultstring")), ""),
        error=error,
    )


def write_envelope(operation: Operation, transaction_id: str, dialect: Dialect) -> bytes:
    soap = dialect.envelope_prefix
    root = ET.Element(f"{soap}:Envelope", {f"xmlns:{soap}": SOAP})
    if transaction_id:
        header = ET.SubElement(root, f"{soap}:Header")
        transaction = _top(header, "TransactionID", dialect)
        transaction.set(f"{soap}:mustUnderstand", "1")
        transaction.text = clean(transaction_id)
    body = ET.SubElement(root, f"{soap}:Body")
    if isinstance(operation, Fault):
        _write_fault(body, operation, dialect)
    else:
        _write_operation(body, operation, dialect)
    # A bare carriage return would be read as a line feed (XML 1.0, 2.11).
    written = ET.tostring(root, encoding="unicode").replace("\r", "&#13;")
    return _PROLOGUE + written.encode()


def _top(parent: ET.Element, name: str, dialect: Dialect) -> ET.Element:
    prefix, namespace = dialect.operation_prefix, dialect.namespace
    element = ET.SubElement(parent, f"{prefix}:{name}" if prefix else name)
    if namespace:
        element.set(f"xmlns:{prefix}" if prefix else "xmlns", namespace)
    return element


def _write_operation(parent: ET.Element, operation: Operation, dialect: Dialect) -> None:
    element = _top(parent, operation.name, dialect)
    scribe = Scribe(dialect.child_prefix)
    scribe.add(element, "MM7Version", dialect.version)
    for name, field in _LAYOUTS[type(operation)]:
        value = getattr(operation, name)
        if value not in _EMPTY and field.since <= dialect.release:
            field.form.write(scribe, element, field.name, value)


def _write_fault(body: ET.Element, fault: Fault, dialect: Dialect) -> None:
    soap = dialect.envelope_prefix
    element = ET.SubElement(body, f"{soap}:Fault")
    ET.SubElement(element, "faultcode").text = f"{soap}:{clean(fault.code)}"
    ET.SubElement(element, "faultstring").text = clean(fault.reason)
    if fault.error:
        _write_operation(ET.SubElement(element, "detail"), fault.error, dialect)
