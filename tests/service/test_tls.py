"""Where the service speaks TLS itself: to whom trusts its certificate, and in no older way."""

import asyncio
import socket
import ssl
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from service.components import Service
from service.server import Server, listening
from service.settings import Misconfigured, Settings
from service.tls import tls_context
from tests.certificates import Certificate, signed_by_itself


def shaken_hands(port: int, context: ssl.SSLContext) -> tuple[str, str]:
    """The version and the cipher that the server agrees to."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=60) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as wrapped,
    ):
        cipher = wrapped.cipher()
        return wrapped.version() or "", cipher[0] if cipher else ""


def old(certificate: Certificate) -> ssl.SSLContext:
    """A client of before, that would take anything."""
    context = certificate.trusted()
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_the_service_speaks_tls_itself_in_no_older_way_and_nothing_else(
    app: FastAPI, service: Service, tmp_path: Path
) -> None:
    own = signed_by_itself(tmp_path)
    files = {"tls_certificate_file": own.certificate, "tls_key_file": own.key}
    settings = service.settings.model_copy(update={"port": 0, **files})
    with listening(settings) as listener:
        port = listener.getsockname()[1]
        server = Server(app, settings)
        serving = asyncio.create_task(server.serve([listener]))
        address = f"127.0.0.1:{port}"
        try:
            async with httpx.AsyncClient(verify=own.trusted(), timeout=60) as client:
                reply = await client.get(f"https://{address}/healthz")
                assert reply.json() == {"status": "alive"}
                assert "Strict-Transport-Security" in reply.headers
                with pytest.raises(httpx.TransportError):
                    await client.get(f"http://{address}/healthz")
            async with httpx.AsyncClient(timeout=60) as stranger:
                with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                    await stranger.get(f"https://{address}/healthz")
            version, cipher = await asyncio.to_thread(shaken_hands, port, own.trusted())
            assert version == "TLSv1.3"
            assert cipher.startswith("TLS_")
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await asyncio.to_thread(shaken_hands, port, old(own))
        finally:
            server.should_exit = True
            await serving
            service.closing.clear()


def test_only_ciphers_that_keep_what_is_past_secret_are_offered(tmp_path: Path) -> None:
    own = signed_by_itself(tmp_path)
    context = tls_context(own.certificate, own.key)
    assert context is not None
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    for cipher in context.get_ciphers():
        assert cipher["name"].startswith(("TLS_", "ECDHE-", "DHE-")), cipher
        assert cipher["strength_bits"] >= 128, cipher


def test_a_certificate_comes_with_its_key(tmp_path: Path) -> None:
    own, other = signed_by_itself(tmp_path / "a"), signed_by_itself(tmp_path / "b")
    assert tls_context(None, None) is None
    for certificate, key in ((own.certificate, other.key), (own.certificate, tmp_path / "none")):
        with pytest.raises(Misconfigured, match="GIAOVIEC_TLS_KEY_FILE"):
            tls_context(certificate, key)
    with pytest.raises(ValueError, match="go together"):
        Settings(tls_certificate_file=own.certificate)
