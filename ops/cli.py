"""The command line behind ./guangcai. Each command says in its help what it does, needs and leaves behind."""

import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Annotated
from uuid import UUID, uuid4

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from ops.servers.processes import ServerFailed
from shared.identity import EVERY_DISTRICT, MAY_CROSS_DISTRICTS, Principal, Role

ROOT = Path(__file__).parents[1]
VAR = ROOT / "var"
LOCAL = VAR / "local"
# One process more than cores, because tests with servers wait most of the time. Each process has its own servers.
WHOLE_SUITE = ("-n", str(min((os.cpu_count() or 1) + 1, 4)), "--dist", "loadfile", "--no-loadscope-reorder")

app = typer.Typer(
    help="guangcai (光彩): members report to their communities, serve, and are evaluated from both sides. Everything runs on this machine.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
console = Console()
errors = Console(stderr=True)

VarOption = Annotated[
    Path, typer.Option("--var", metavar="DIRECTORY", help="Where the stack keeps its data, logs and keys.", show_default="./var/local")
]


@contextmanager
def plain_errors() -> Iterator[None]:
    """Print errors that a person can act on without a traceback; Ctrl-C and SIGTERM stop in order."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    signal.signal(signal.SIGHUP, _as_interrupt)
    try:
        yield
    except ServerFailed as failure:
        errors.print(f"guangcai: {failure}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        errors.print("stopped", style="dim")
        raise typer.Exit(130) from None


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


demo_app = typer.Typer(invoke_without_command=True)
app.add_typer(demo_app, name="demo")


@demo_app.callback()
def demo(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Exit after printing: 0 when every proof holds, 1 otherwise.")] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the figures to FILE as JSON, too.", dir_okay=False)
    ] = None,
    members: Annotated[int, typer.Option(min=1, help="Size of the roster; proportions are kept.")] = 75,
    var: Annotated[
        Path, typer.Option("--var", metavar="DIRECTORY", help="Where the demo keeps data, logs and keys.", show_default="./var/demo")
    ] = VAR / "demo",
    in_order: Annotated[
        bool, typer.Option("--in-order", help="One request at a time, so that every run writes the same events; slower.")
    ] = False,
) -> None:
    """One district, one year: runs the main job through HTTP and RabbitMQ, proves the result, then serves until Ctrl-C."""
    if context.invoked_subcommand is not None:
        return
    with plain_errors():
        from ops.demo import main  # noqa: PLC0415 - slow to import, needed here only

        raise typer.Exit(main(once=once, json_file=json_file, members=members, directory=var, is_in_order=in_order))


@demo_app.command()
def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="Data directory of a demo (its --var).", show_default=False)],
    b: Annotated[Path, typer.Argument(metavar="B", help="Data directory of another demo.", show_default=False)],
) -> None:
    """Check that a refactoring changed no behaviour: the demos before and after it wrote the same events.

    Run both demos first, with `./guangcai demo --once --in-order --var DIRECTORY`. Exits 1 when a stream, an event or a field differs.
    """
    with plain_errors():
        from ops.demo.compare import main  # noqa: PLC0415 - slow to import, needed here only

        raise typer.Exit(main(a, b, console))


@app.command()
def up(
    var: VarOption = LOCAL,
    free_ports: Annotated[bool, typer.Option("--free-ports", help="Take any free ports instead of 8101–8104.")] = False,
    simulated_clock: Annotated[
        bool, typer.Option("--simulated-clock", help="Let requests carry their own time (header Guangcai-Time).")
    ] = False,
) -> None:
    """Start the four services on private servers, print their addresses, and serve until Ctrl-C. Data is kept for the next time."""
    from ops.stack import PORTS, StackOptions, local_stack  # noqa: PLC0415 - slow to import, needed here only

    options = StackOptions(purpose="./guangcai up", ports={} if free_ports else PORTS, is_clock_simulated=simulated_clock)
    started = time.monotonic()
    with plain_errors(), console.status("starting") as status, local_stack(var, options, _say) as stack:
        status.stop()
        console.print(_addresses(stack.urls), soft_wrap=True)
        console.print(
            f"ready after {time.monotonic() - started:.1f} s; logs in {stack.servers.directory / 'log'}; Ctrl-C stops everything",
            soft_wrap=True,
        )
        console.print("a token for trying it out: ./guangcai token --role DISTRICT_ADMIN --district demo", style="dim", soft_wrap=True)
        while all(service.is_running for service in stack.services.values()):
            time.sleep(0.5)
        dead = next(service for service in stack.services.values() if not service.is_running)
        raise ServerFailed(f"{dead.name} ended by itself. Its log ({dead.log}) ends with:\n{dead.tail()}")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": ["--help"]})
def test(context: typer.Context) -> None:
    """Run the tests on real servers of their own. Arguments go to pytest: `./guangcai test tests/ops -k leash`.

    The whole suite runs in as many processes as there are cores (at most four), each with servers of its own.
    """
    from ops.servers.choice import fetch  # noqa: PLC0415 - slow to import, needed here only

    with plain_errors():
        fetch(_say)  # before pytest, whose tests may reach this machine only and have a time limit
    os.chdir(ROOT)
    # Replaces this process, so that signals and the exit code are pytest's own.
    is_part = any((ROOT / argument.partition("::")[0]).exists() for argument in context.args)
    is_whole = not is_part and "-n" not in context.args
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *(WHOLE_SUITE if is_whole else ()), *context.args])  # noqa: S606 - our own interpreter


@app.command()
def check() -> None:
    """Check format, lint, types and import contracts. Always runs all four; exits 1 when one fails."""
    from ops.check import run_checks  # noqa: PLC0415 - needed here only

    raise typer.Exit(run_checks(console))


@app.command()
def token(
    role: Annotated[list[Role], typer.Option(help="What the holder may act as; give it several times for several roles.")],
    district: Annotated[str, typer.Option(help="The holder's district; * for services and auditors only.")],
    organisation: Annotated[list[UUID] | None, typer.Option(help="Unit or community acted for; may be given several times.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="Pseudonymous id of the holder (for members the member id); random when left out.")
    ] = None,
    hours: Annotated[int, typer.Option(min=1, help="How long it is valid.")] = 12,
    var: VarOption = LOCAL,
) -> None:
    """Print a token for a local stack (development only): `curl -H "Authorization: Bearer $(./guangcai token …)" …`."""
    from ops.keys import Keys  # noqa: PLC0415 - needed here only

    principal = Principal(subject or str(uuid4()), district, frozenset(role), frozenset(organisation or ()))
    if district == EVERY_DISTRICT and not principal.roles <= MAY_CROSS_DISTRICTS:
        raise typer.BadParameter("only SERVICE and AUDITOR may cross districts", param_hint="--district")
    print(Keys(var / "keys").token(principal, timedelta(hours=hours)))


@app.command()
def sign_in(
    account: Annotated[str, typer.Argument(help="Name of an account, as an identity provider would know it.")],
    district: Annotated[str, typer.Option(help="The account's district.")],
    hours: Annotated[int, typer.Option(min=1, help="How long the token is valid.")] = 12,
    var: VarOption = LOCAL,
) -> None:
    """Print the token that an identity provider would issue for an account (development only). Needs a running stack.

    The token is the member's once the account has been claimed with the code from unit or community, before that a resident's.
    """
    import httpx2  # noqa: PLC0415 - slow to import, needed here only

    from ops.keys import Keys  # noqa: PLC0415 - needed here only
    from ops.sign_in import signed_in  # noqa: PLC0415 - slow to import, needed here only
    from ops.stack import running_state  # noqa: PLC0415 - slow to import, needed here only

    with plain_errors(), httpx2.Client(base_url=running_state(var)["services"]["registration"], trust_env=False) as registration:
        print(signed_in(registration, Keys(var / "keys"), account, district, timedelta(hours=hours)))


@app.command()
def rebuild(
    service: Annotated[str, typer.Argument(help="registration, activities, evaluation or notifications")],
    compare_only: Annotated[bool, typer.Option("--compare-only", help="Only compare; leave the live read model in place.")] = False,
    var: VarOption = LOCAL,
) -> None:
    """Rebuild a service's read model from the event logs of the running stack, compare it with the live one, and replace that.

    Exits 1 when the live read model differed from the rebuilt one.
    """
    from ops.rebuild import rebuild_service  # noqa: PLC0415 - slow to import, needed here only

    with plain_errors(), Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=console) as progress:
        task = progress.add_task(f"rebuilding {service}", total=None)
        outcome = rebuild_service(
            service, var, swap=not compare_only, progress=lambda done, total: progress.update(task, completed=done, total=total)
        )
    verdict = "equal" if outcome.is_equal else "[red]different[/red]"
    console.print(f"{outcome.events} events; live {outcome.digest_live[:16]}…, rebuilt {outcome.digest_rebuilt[:16]}…: {verdict}")
    raise typer.Exit(0 if outcome.is_equal else 1)


@app.command()
def spec(
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace published contracts: only before their first release.")] = False,
) -> None:
    """Write event schemas, samples, OpenAPI and AsyncAPI documents to docs/; exits 1 when a published contract would change."""
    from ops.spec import main  # noqa: PLC0415 - slow to import, needed here only

    raise typer.Exit(main(["--overwrite"] if overwrite else []))


@app.command()
def mutate(
    modules: Annotated[
        list[str] | None, typer.Argument(help="Paths that begin so, e.g. services/activities/posts; all when left out.")
    ] = None,
    sample: Annotated[
        int, typer.Option(min=4, help="Mutants per service in what decides, and in what writes on PostgreSQL in all services together.")
    ] = 400,
    seed: Annotated[int, typer.Option(help="Which sample.")] = 7,
    jobs: Annotated[int, typer.Option(min=1, help="Processes at once.")] = os.cpu_count() or 1,
    show: Annotated[str | None, typer.Option(help="Print the mutant of this name as a diff, and run nothing.")] = None,
    record: Annotated[bool, typer.Option("--record", help="Write the figures and survivors into docs/testing.md.")] = False,
) -> None:
    """Plant small defects in decisions, scoring, projections and reactions, one at a time: the tests of the module must notice."""
    from mutation import command, report  # noqa: PLC0415 - slow to import, needed here only

    if show is not None:
        command.show(show, console)
        return
    os.chdir(ROOT)
    results = command.run(command.Request(modules or (), sample, sample // 4, seed, jobs), console)
    console.print(command.table(results))
    for line in report.survivors(results):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if record:
        report.record()


@app.command()
def coverage(
    rows: Annotated[list[str] | None, typer.Argument(help="Ids that begin so, e.g. S0-05; all when left out.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes at once.")] = os.cpu_count() or 1,
) -> None:
    """Take out each endpoint, command and event that docs/coverage.md names: the tests of its row must notice. Exits 1 when none does."""
    from mutation import command, report  # noqa: PLC0415 - slow to import, needed here only

    os.chdir(ROOT)
    results = {"coverage rows": command.take_out(rows or (), jobs, console)}
    survivors = list(report.survivors(results))
    for line in survivors:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(bool(survivors))


@app.command()
def bench(
    names: Annotated[
        list[str] | None, typer.Argument(help="append, bulk, relay, consume, live, rebuild, http, growth, footprint; all when left out.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the figures to FILE, too.", dir_okay=False)
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Short rounds: shows that everything runs, not how fast it is.")] = False,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="COMMIT", help="Compare with COMMIT instead; without names: append, live, http, footprint."),
    ] = None,
) -> None:
    """Measure against references on the same servers in the same run. Exits 1 when a ratio misses its target.

    With `--against` the benchmarks of both trees alternate, five rounds each. Exits 1 when a median ratio is below 0.95.
    """
    from bench.against import COMPARED, USUAL  # noqa: PLC0415 - needs the bench dependencies
    from bench.against import main as compare_trees  # noqa: PLC0415 - needs the bench dependencies
    from bench.run import BENCHMARKS, main  # noqa: PLC0415 - needs the bench dependencies

    known = tuple(BENCHMARKS) if against is None else COMPARED
    if unknown := set(names or ()) - set(known):
        raise typer.BadParameter(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    if against is not None and quick:
        raise typer.BadParameter("--quick does not go with --against, whose rounds are short anyway")
    with plain_errors():
        if against is not None:
            raise typer.Exit(compare_trees(against, names or USUAL, json_file=json_file, directory=VAR / "against", console=console))
        raise typer.Exit(main(names or (), json_file=json_file, is_quick=quick, directory=VAR / "bench", console=console))


@app.command()
def faults(
    names: Annotated[
        list[str] | None, typer.Argument(help="Faults (F1, “F5 kill”) and planted defects to try; all when left out.", show_default=False)
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Repeat a run's choices; drawn and printed when left out.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write what was found to FILE, too.", dir_okay=False)
    ] = None,
    short: Annotated[bool, typer.Option("--short", help="The selection that every test run tries: a good minute.")] = False,
) -> None:
    """Break servers, processes and connections under load and check every invariant; then check that planted defects are found.

    Exits 1 when an invariant was broken or a defect was not found. Twenty minutes on two cores.
    """
    from faults.run import known_names, main  # noqa: PLC0415 - slow to import, needed here only

    if unknown := set(names or ()) - known_names():
        raise typer.BadParameter(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(sorted(known_names()))}")
    with plain_errors():
        drawn = secrets.randbelow(10_000) if seed is None else seed
        raise typer.Exit(main(names or (), seed=drawn, json_file=json_file, is_short=short, directory=VAR / "faults", console=console))


@app.command()
def reset() -> None:
    """Delete all local data under ./var: databases, queues, keys, logs. Refuses while a stack is running; fetched programs are kept."""
    from ops.servers.directory import in_use, remove, server_directory  # noqa: PLC0415 - needed here only
    from ops.servers.docker import remove_volumes  # noqa: PLC0415 - needed here only

    with plain_errors():
        directories = sorted(path for path in VAR.glob("*") if path.is_dir())
        busy = {path: holder for path in directories if (holder := in_use(path))}
        if stacks := [holder for path, holder in busy.items() if not path.name.startswith("test-")]:
            raise ServerFailed(f"still running: {', '.join(stacks)}. Stop it first; nothing was deleted.")
        for directory in directories:
            if directory not in busy:  # a test run deletes its own directory when it ends
                remove(directory)
                remove_volumes(server_directory(directory))
    console.print(f"{VAR} is empty" + "".join(f", but for {path.name}: {holder}" for path, holder in busy.items()), soft_wrap=True)


def _say(line: str) -> None:
    console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)


def _addresses(urls: dict[str, str]) -> str:
    """One service a line, never wrapped, so that a terminal makes links of them."""
    width = max(map(len, urls))
    return "\n".join(f"  {name:{width}}  {url}/docs (OpenAPI)  {url}/asyncapi (AsyncAPI)" for name, url in urls.items())


if __name__ == "__main__":
    app(prog_name="./guangcai")
