"""OIDC: access tokens of a provider (RFC 9068) open the service for the identities that it knows.

The service is a resource server: it verifies, and issues nothing. What the caller may do comes from
the identity's own row. What the token claims gives nothing; its scope may take something away.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from joserfc import jws, jwt
from joserfc.errors import JoseError

from service.access.identities import Identities, may_be_subject
from service.access.key_sets import KeySource
from service.access.principals import Principal

# Only signatures that a public key verifies; never what the token itself would like.
ALGORITHMS = ("RS256", "PS256", "ES256")
TYPES = frozenset({"at+jwt", "application/at+jwt"})
LONGEST = 8192
LONGEST_KEY_ID = 256
# What a scope of ours begins with; a permission follows.
SCOPE = "giaoviec:"
# How far the provider's clock may differ.
LEEWAY_S = 30


class Provider(NamedTuple):
    """Whose access tokens are accepted, and for whom they must be."""

    issuer: str
    audience: str


class AccessTokens:
    """The access tokens of one provider.

    Args:
        provider: issuer and audience that a token must name.
        keys: of the provider.
        identities: who is known by which subject.
    """

    def __init__(self, provider: Provider, keys: KeySource, identities: Identities) -> None:
        self._provider = provider
        self._keys = keys
        self._identities = identities
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            jti={"essential": True},
            client_id={"essential": True},
        )

    async def authenticate(self, text: str) -> Principal | None:
        """Return the principal of the token's identity; None if either is not valid.

        Raises:
            ProviderUnavailable: the keys cannot be fetched.
        """
        if len(text) > LONGEST or not text.isascii():
            return None
        try:
            header = jws.extract_compact(text.encode()).headers()
            algorithm, key_id = _asked(header)
            key = await self._keys.find(key_id)
            if key is None:
                return None
            token = jwt.decode(text, key, algorithms=[algorithm])
            self._claims.validate(token.claims)
            scopes = _scopes(token.claims)
        except (JoseError, ValueError, TypeError, RecursionError):
            return None
        subject = token.claims["sub"]
        if not may_be_subject(subject):
            return None
        principal = await self._identities.principal(self._provider.issuer, subject)
        if principal is None or scopes is None:
            return principal
        return replace(principal, scopes=scopes)


def _scopes(claims: Mapping[str, object]) -> frozenset[str] | None:
    """The permissions to which the token is narrowed; None if no scope of it is one of ours.

    Raises:
        ValueError: its scope is no text, or it is narrowed in a way that is not known here.
    """
    scope = claims.get("scope", "")
    if not isinstance(scope, str) or "authorization_details" in claims:
        raise ValueError("narrowed in another way")
    ours = [one.removeprefix(SCOPE) for one in scope.split() if one.startswith(SCOPE)]
    return frozenset(ours) if ours else None


def _asked(header: Mapping[str, object]) -> tuple[str, str]:
    """The algorithm and the id of the key that the token's header names.

    Raises:
        ValueError: they are not those of an access token.
    """
    algorithm, kind, key_id = header.get("alg"), header.get("typ"), header.get("kid")
    if algorithm not in ALGORITHMS or not isinstance(kind, str) or kind.lower() not in TYPES:
        raise ValueError("no access token of a known algorithm")
    if not isinstance(key_id, str) or not 0 < len(key_id) <= LONGEST_KEY_ID or "crit" in header:
        raise ValueError("names no key")
    return str(algorithm), key_id
