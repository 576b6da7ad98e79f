"""One benchmark of the tree that PYTHONPATH names, with our contender alone: bench/against.py runs this file for either tree.

It relies on little of that tree, because older commits must have it, too: `BENCHMARKS`, `Bench`, `Result.figures`, `local_servers`.
"""

import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import orjson
import uvloop

from bench.bus import forget_queues
from bench.harness import Bench, Figure
from bench.run import BENCHMARKS
from ops.servers import ServerWishes, local_servers

SECONDS, ROUNDS = 2.0, 3


class Alone(Bench):
    """Leaves the references out: both trees run on the same servers in the same minutes, and only ours are compared."""

    async def alternate(self, contenders: Mapping[str, Callable[[float], Awaitable[float]]]) -> dict[str, Figure]:
        figures = await super().alternate({"ours": contenders["ours"]})
        return dict.fromkeys(contenders, figures["ours"])


async def measure(bench: Bench, name: str) -> dict[str, float]:
    """Medians by contender."""
    await forget_queues(bench.servers.amqp_admin_url)
    result = await BENCHMARKS[name](bench)
    return {contender: figure.median for contender, figure in result.figures.items()}


def main(name: str, directory: Path, file: Path) -> None:
    """Run `name` with its data in `directory` and write the medians to `file`."""
    with local_servers(directory, ServerWishes("./guangcai bench --against"), print) as servers:
        figures = uvloop.run(measure(Alone(servers, SECONDS, ROUNDS, is_quick=True, step=print), name))  # quick: footprint after the start
    file.write_bytes(orjson.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
