"""Calls a customer's server: signed, with the retries that its URL asks for, then the fallback."""

from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from urllib.parse import urlencode

import msgspec

from magpie.kit import clock
from magpie.kit.egress import (
    BadURLError,
    Credentials,
    Egress,
    EgressError,
    Limits,
    Reply,
    Target,
    parse,
)
from magpie.webhooks import overrides, retry
from magpie.webhooks.model import Delivery
from magpie.webhooks.signature import Params, sign
from magpie.webhooks.signature import bare as bare_of

AGENT = "TwilioProxy/1.1"
# TwiML may have 64 kB; what is longer is a failure of its own (11750).
MOST_BYTES = 64 * 1024
_REDIRECTS = 10
_BAD_URL = 11100

TokenOf = Callable[[str], Awaitable[str]]
"""Gives the auth token by which an account's webhooks are signed."""


class Try(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request and what came of it; `ms` is how long it took."""

    url: str
    method: str
    ms: float
    status: int | None = None
    failure: str | None = None
    code: int | None = None


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """All tries of a delivery. Without a reply, `code` says why (errors.md section 5)."""

    tries: tuple[Try, ...]
    reply: Reply | None = None
    code: int | None = None


class Poster:
    def __init__(self, egress: Egress, token_of: TokenOf) -> None:
        self._egress = egress
        self._token_of = token_of

    async def post(
        self, account_sid: str, delivery: Delivery, token: str, cookie: str | None = None
    ) -> Posted:
        """`token` names this delivery on every try; failures are told, never raised."""
        headers = {"I-Twilio-Idempotency-Token": token}
        if cookie:
            headers["Cookie"] = cookie
        posted = await self._chain(
            account_sid, delivery.url, delivery.method, delivery.params, headers
        )
        if posted.code is None or not delivery.fallback_url:
            return posted
        params = [
            *delivery.params,
            ("ErrorCode", str(posted.code)),
            ("ErrorUrl", delivery.url.partition("#")[0]),
        ]
        fallback = await self._chain(
            account_sid, delivery.fallback_url, delivery.fallback_method, params, headers
        )
        return msgspec.structs.replace(fallback, tries=posted.tries + fallback.tries)

    async def _chain(
        self, account_sid: str, url: str, method: str, params: Params, headers: Mapping[str, str]
    ) -> Posted:
        """One URL and its retries, all within the total time that its fragment allows."""
        try:
            parsed, wanted = _place(url)
        except (overrides.BadRetryPolicyError, BadURLError) as wrong:
            code = getattr(wrong, "code", _BAD_URL)
            return Posted(tries=(_refused(bare_of(url), method, code),), code=code)
        target = parsed.url
        if method == "GET" and params:
            target += ("&" if "?" in target else "?") + urlencode(params)
        signed = sign(await self._token_of(account_sid), target, params if method == "POST" else ())
        headers = {**headers, "X-Twilio-Signature": signed, "User-Agent": AGENT}
        body = urlencode(params).encode() if method == "POST" else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        tries: list[Try] = []
        started = clock.monotonic()
        while True:
            elapsed = clock.monotonic() - started
            limits = Limits(*retry.bounds(wanted, elapsed), most_bytes=MOST_BYTES)
            reply, result = await self._try(
                method, target, headers, body, limits=limits, auth=parsed.credentials
            )
            now = clock.monotonic() - started
            decision = retry.decide(wanted, len(tries) + 1, now, result)
            code = None if isinstance(decision, retry.Done) else decision.code
            tries.append(_told(target, method, result, now - elapsed, code))
            if not isinstance(decision, retry.Retry):
                kept = reply if code is None else None
                return Posted(tries=tuple(tries), reply=kept, code=code)
            await clock.sleep(decision.delay)

    async def _try(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        limits: Limits,
        auth: Credentials | None,
    ) -> tuple[Reply | None, retry.Result]:
        try:
            reply = await self._egress.request(
                method,
                url,
                headers=headers,
                body=body,
                limits=limits,
                redirects=_REDIRECTS,
                auth=auth,
                repeatable=True,
            )
        except EgressError as error:
            return None, retry.Result(failure=error.failure.value, partial=error.partial)
        return reply, retry.Result(status=reply.status)


@lru_cache(4096)
def _place(url: str) -> tuple[Target, overrides.Overrides]:
    """Endpoints are few and called often."""
    bare, wanted = overrides.split(url)
    return parse(bare), wanted


def _told(url: str, method: str, result: retry.Result, seconds: float, code: int | None) -> Try:
    return Try(
        url=_without_query(url) if method == "GET" else url,
        method=method,
        ms=round(seconds * 1000, 1),
        status=result.status,
        failure=result.failure,
        code=code,
    )


def _refused(url: str, method: str, code: int) -> Try:
    return Try(url=url, method=method, ms=0.0, failure="bad_retry_policy", code=code)


def _without_query(url: str) -> str:
    return url.partition("?")[0]
