"""Who may change what all accounts share: carriers, routes, the numbers that can be given out."""

from typing import Final, cast

from magpie.accounts.auth import Caller
from magpie.errors import Refused
from magpie.kit.rest import Call

_FORBIDDEN: Final = 20403


def operator(call: Call) -> Caller:
    """The main account, by its own token: no key, no subaccount, and not for a subaccount."""
    caller = cast("Caller", call.principal)
    if caller.key_sid is not None or not caller.account.is_main:
        raise Refused(_FORBIDDEN, "Only the main account's own token may do this.")
    return caller
