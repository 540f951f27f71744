"""Authentication: who calls, by an API token of ours or by an access token of the OIDC provider."""

from service.access.failures import Failures
from service.access.oidc import AccessTokens
from service.access.principals import Principal
from service.access.tokens import PREFIX, Tokens


class Authentication:
    """Finds out who calls.

    Args:
        tokens: our own.
        failures: of each address.
        access_tokens: of the OIDC provider, if there is one.
    """

    def __init__(
        self, tokens: Tokens, failures: Failures, access_tokens: AccessTokens | None
    ) -> None:
        self._tokens = tokens
        self._failures = failures
        self._access_tokens = access_tokens

    async def principal(self, text: str, address: str) -> Principal | None:
        """Return who calls with that token, or None if it is not valid.

        From an address that failed too often, only those of our tokens are looked up that were
        valid before. Nobody guesses a signature, so access tokens are verified always.

        Raises:
            TooManyFailures: the address failed too often.
            ProviderUnavailable: the OIDC provider's keys cannot be fetched.
        """
        if self._is_ours(text) and not self._tokens.has_known(text):
            self._failures.require_few(address)
        principal = await self.again(text)
        if principal is None:
            self._failures.require_few(address)
            self._failures.count(address)
        return principal

    async def again(self, text: str) -> Principal | None:
        """The same of a token that was valid before: it is no failure if it is so no more.

        Raises:
            ProviderUnavailable.
        """
        if self._is_ours(text) or self._access_tokens is None:
            return await self._tokens.authenticate(text)
        return await self._access_tokens.authenticate(text)

    def _is_ours(self, text: str) -> bool:
        return self._access_tokens is None or text.startswith(PREFIX)
