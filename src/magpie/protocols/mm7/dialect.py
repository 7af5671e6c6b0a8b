"""How one peer wants its XML; reading needs none of this."""

from typing import Final

import msgspec

SCHEMAS: Final = "http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/"
REL_5: Final = f"{SCHEMAS}REL-5-MM7-1-2"
REL_6: Final = f"{SCHEMAS}REL-6-MM7-1-4"


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """`namespace` and `version` are independent: peers mix them at will, and may have no namespace.

    With `prefix` the operation is written `mm7:SubmitReq`, without one it has a default namespace.
    `qualified` says whether its children are in the namespace too; where they are not, a prefix is
    needed and `mm7` stands in. Peers of release 5 do not get what came with release 6.
    """

    namespace: str = REL_6
    version: str = "6.8.0"
    prefix: str = ""
    qualified: bool = True
    envelope_prefix: str = "env"
    soap_action: str = '""'

    @property
    def release(self) -> int:
        return 5 if "REL-5" in self.namespace or self.version.startswith("5.") else 6

    @property
    def operation_prefix(self) -> str:
        if not self.namespace:
            return ""
        return self.prefix or ("" if self.qualified else "mm7")

    @property
    def child_prefix(self) -> str:
        return self.operation_prefix if self.qualified else ""
