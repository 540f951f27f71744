"""Docs: the API's description to read and try offline, and a page for every problem type."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from domain.kernel import NotFound
from domain.values import Value
from service.http.addresses import address
from service.http.faults import InternalFault, NotValid
from service.http.openapi import PATH
from service.http.problems import declared, paragraphs, problem_types, status_of, title
from service.language import language_of

router = APIRouter(tags=["operations"])
# The page to read and to try, which the settings may leave out.
page = APIRouter()

# Swagger UI's files come from a package: the page loads nothing from the internet.
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
ASSETS = Mount("/docs/assets", StaticFiles(packages=[("fastapi_swagger", "resources")]))


class ProblemTypeUnknown(NotFound):
    """There is no problem type {slug}.

    Không tìm thấy loại lỗi {slug}.
    """


class ProblemType(Value):
    """One kind of problem; the names in braces are members of the problem document."""

    type: str
    title: str
    status: int
    en: str
    vi: str


class ProblemTypes(Value):
    """Every kind of problem the service answers with."""

    items: list[ProblemType]


@page.get("/", include_in_schema=False)
async def front(request: Request) -> RedirectResponse:
    return RedirectResponse(address(request.scope, "/docs"))


@page.get("/docs", include_in_schema=False)
async def docs(request: Request) -> HTMLResponse:
    assets = address(request.scope, ASSETS.path)
    shown = get_swagger_ui_html(
        openapi_url=address(request.scope, PATH),
        title=request.app.title,
        swagger_js_url=f"{assets}/swagger-ui-bundle.js",
        swagger_css_url=f"{assets}/swagger-ui.css",
        swagger_favicon_url=f"{assets}/favicon-32x32.png",
        # A token typed into the page is forgotten with it.
        swagger_ui_parameters={"validatorUrl": None, "persistAuthorization": False},
    )
    shown.headers["Content-Security-Policy"] = _policy(bytes(shown.body).decode())
    return shown


def _policy(shown: str) -> str:
    """The page loads its own files and asks its own server; of scripts it runs those it has."""
    digests = (sha256(script.encode()).digest() for script in SCRIPT.findall(shown))
    known = " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src 'self' {known}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'none'"
    )


@router.get("/problems", operation_id="list_problem_types", responses=declared(InternalFault))
async def list_problem_types() -> ProblemTypes:
    """Every kind of problem, with its message in English and Vietnamese."""
    return _all_types()


@router.get(
    "/problems/{slug}",
    operation_id="describe_problem_type",
    response_class=HTMLResponse,
    responses={
        200: {"content": {"text/html": {"schema": {"type": "string"}}}},
        **declared(ProblemTypeUnknown, NotValid, InternalFault),
    },
)
async def describe_problem_type(request: Request, slug: str) -> HTMLResponse:
    """The page that a problem's `type` leads to."""
    if slug not in problem_types():
        raise ProblemTypeUnknown(slug=slug)
    problem = _type(slug)
    language = language_of(request.scope)
    first, second = (problem.vi, problem.en) if language == "vi" else (problem.en, problem.vi)
    every = escape(address(request.scope, "/problems"))
    told = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f"<title>{escape(problem.title)}</title><h1>{problem.status} {escape(problem.title)}</h1>"
        f"<p>{escape(first)}</p><p>{escape(second)}</p>"
        f'<p><a href="{every}">{every}</a></p></html>'
    )
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return HTMLResponse(told, headers=headers)


@cache
def _all_types() -> ProblemTypes:
    return ProblemTypes(items=[_type(slug) for slug in problem_types()])


def _type(slug: str) -> ProblemType:
    refusal = problem_types()[slug]
    english, vietnamese = paragraphs(refusal)
    return ProblemType(
        type=f"/problems/{slug}",
        title=title(refusal),
        status=status_of(refusal),
        en=english,
        vi=vietnamese,
    )
