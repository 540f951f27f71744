"""What every answer asks of browsers and caches, whoever gives it."""

import re
from base64 import b64encode
from hashlib import sha256

import httpx
import pytest

from service.http.security_headers import headers_for
from tests.service.province import Province

ANSWERS = {
    "a list": (200, "GET", "/v1/{ledger}/units"),
    "a file": (200, "GET", "/v1/{ledger}/units?format=csv"),
    "its head alone": (200, "HEAD", "/v1/{ledger}/units"),
    "the feed": (200, "GET", "/v1/{ledger}/events"),
    "a ledger that is not there": (404, "GET", "/v1/nowhere/units"),
    "no route": (404, "GET", "/nowhere"),
    "another method": (405, "DELETE", "/v1/{ledger}/units"),
    "a body that is none": (400, "POST", "/v1/{ledger}/units/establish"),
    "health": (200, "GET", "/healthz"),
    "the description": (200, "GET", "/openapi.json"),
    "problems": (200, "GET", "/problems"),
    "a page of a problem": (200, "GET", "/problems/not-valid"),
    "a page of the description": (200, "GET", "/docs"),
    "one of its files": (200, "GET", "/docs/assets/swagger-ui.css"),
}
DESCRIBING = ("/openapi.json", "/problems", "/docs")


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_every_answer_has_them_once(province: Province, answer: tuple[int, str, str]) -> None:
    status, method, path = answer
    address = path.format(ledger=province.ledger)
    reply = await province.client.request(method, address)
    assert reply.status_code == status, reply.text
    headers = reply.headers
    assert headers.get_list("X-Content-Type-Options") == ["nosniff"]
    assert headers.get_list("X-Frame-Options") == ["DENY"]
    assert headers.get_list("Referrer-Policy") == ["no-referrer"]
    [policy] = headers.get_list("Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    kept = "no-cache" if address.startswith(DESCRIBING) else "no-store"
    assert headers.get_list("Cache-Control") == [kept]
    assert "Strict-Transport-Security" not in headers


def test_what_came_by_tls_is_to_come_by_tls() -> None:
    scope = {"type": "http", "path": "/v1/a/units", "root_path": "", "scheme": "https"}
    assert b"strict-transport-security" in dict(headers_for(scope))


async def test_the_page_of_the_description_runs_its_own_scripts_alone(
    stranger: httpx.AsyncClient,
) -> None:
    page = await stranger.get("/docs")
    policy = page.headers["Content-Security-Policy"]
    [script] = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert b64encode(sha256(script.encode()).digest()).decode() in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert '"persistAuthorization": false' in page.text
    assert not re.search(r"(src|href)=.https?:", page.text)
