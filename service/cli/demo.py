"""Demo: the command starts a service and loads the samples through its API."""

import asyncio
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import TimeElapsedColumn

from service.cli.output import err, print_json, print_within, progress
from service.cli.running import run
from service.settings import Settings

if TYPE_CHECKING:
    from service.demo.queries import Figures
    from service.demo.steps import Client

REQUEST_SECONDS = 30.0
INTERRUPTED = 130
LOOK_AT = (
    "tuyen-quang/active-tasks?as_of=2021-12-31",
    "tuyen-quang/completion-rates?group_by=unit&as_of=2021-12-31",
    "tuyen-quang/tasks/2020-yen-son-ban-giao-1/responsibilities",
    "tuyen-quang/officials/can-bo-002/history",
    "hoa-binh/commune-coverage?as_of=2023-12-31",
    "hoa-binh/commune-coverage/gaps?as_of=2024-05-08",
    "vinh-phuc/indicators/attainment?unit=tam-dao&year=2021",
    "ha-noi/tasks/2023-du-an-cham-trien-khai/cases?as_of=2023-07-31",
)


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Load, print the figures and end.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures as one JSON object.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Instead of GIAOVIEC_PORT; 0 takes a free one, as --once does."
        ),
    ] = None,
) -> None:
    """Load the samples and serve them until Ctrl-C. A second start finds them again."""

    async def work(settings: Settings) -> bool:
        # The samples are of past years: what was not reported this week says nothing of them.
        chosen = port if port is not None else (0 if once else settings.port)
        return await _demo(
            settings.model_copy(update={"port": chosen, "missed_report_days": 0}), once, as_json
        )

    if not run(work):
        err().print("Ended before the samples were loaded; the next start goes on.")
        raise typer.Exit(INTERRUPTED)


async def _demo(settings: Settings, once: bool, as_json: bool) -> bool:  # noqa: FBT001  the options
    """Serve and load. Return whether the samples were loaded before the service stopped."""
    from service.app import create_app  # noqa: PLC0415  only whoever serves waits for its imports
    from service.database.migrate import migrate  # noqa: PLC0415  likewise
    from service.demo.clients import identify, token_file  # noqa: PLC0415  likewise
    from service.demo.steps import Client  # noqa: PLC0415  likewise
    from service.server import Server, listening, settle_memory  # noqa: PLC0415  likewise

    if settings.owner_url is not None:
        await migrate(settings.owner_url)
    app = create_app(settings)
    with listening(settings) as socket:
        host, port = socket.getsockname()[:2]
        address = f"http://{host}:{port}"
        async with app.router.lifespan_context(app):
            folder = settings.data_dir / "demo"
            tokens = await identify(app.state.service.tokens, folder)
            settle_memory()
            server = Server(app, settings)
            serving = asyncio.create_task(server.serve([socket]))
            loading = asyncio.create_task(_figures(address, tokens))
            try:
                await asyncio.wait((serving, loading), return_when=asyncio.FIRST_COMPLETED)
                if not loading.done():
                    loading.cancel()
                    return False
                _show(loading.result(), as_json=as_json)
                if not once:
                    _show_addresses(address, token_file(folder, Client.VISITOR))
                    await serving
                return True
            finally:
                server.should_exit = True
                await serving


async def _figures(address: str, tokens: "Mapping[Client, str]") -> "Figures":
    """Load the samples and read their figures back."""
    import httpx  # noqa: PLC0415  only whoever loads waits for its imports

    from service.demo.loading import Loader  # noqa: PLC0415  likewise
    from service.demo.samples import SAMPLES  # noqa: PLC0415  likewise
    from service.demo.steps import Client  # noqa: PLC0415  likewise

    async with httpx.AsyncClient(base_url=address, timeout=REQUEST_SECONDS) as http:
        with progress(TimeElapsedColumn()) as bars:
            for sample in SAMPLES:
                bar = bars.add_task(sample.title, total=sample.size())
                loader = Loader(http, tokens, sample.province, partial(bars.advance, bar))
                await loader.load(sample.stages())
        figures: Figures = {}
        for sample in SAMPLES:
            figures |= await sample.read_figures(http, tokens[Client.VISITOR])
        return figures


def _show(figures: "Figures", *, as_json: bool) -> None:
    if as_json:
        print_json(figures)
        return
    lines = (line for name, figure in figures.items() for line in lines_of(name, figure))
    print_within(("what the service now knows", ""), lines)


def lines_of(name: str, figure: object) -> Iterator[tuple[str, str]]:
    """The lines of a figure: what lies within it has lines of its own, named by the way to it."""
    if isinstance(figure, Mapping):
        parts = {key: part for key, part in figure.items() if isinstance(part, Mapping | list)}
        plain = [f"{key}: {part}" for key, part in figure.items() if key not in parts]
        if plain:
            yield name, ", ".join(plain)
        for key, part in parts.items():
            yield from lines_of(f"{name}.{key}", part)
    elif isinstance(figure, list) and any(isinstance(part, Mapping) for part in figure):
        for number, part in enumerate(figure, start=1):
            yield from lines_of(f"{name}.{number}", part)
    elif isinstance(figure, list):
        yield name, ", ".join(map(str, figure))
    else:
        yield name, str(figure)


def _show_addresses(address: str, token: Path) -> None:
    console = err()
    console.print(f"\nServing on {address} until Ctrl-C. Look at:")
    console.print(f"  {address}/docs")
    console.print(f"  auth() {{ printf 'Authorization: Bearer %s' \"$(cat {token})\"; }}")
    for path in LOOK_AT:
        console.print(f"  auth | curl -H @- '{address}/v1/{path}'")
