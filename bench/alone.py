"""Runs one benchmark of the tree in PYTHONPATH without the references. bench/against.py runs this file for both trees.

It uses only what older commits have, too: `BENCHMARKS`, `Bench`, `Result.figures`, `local_servers` and the type of its options.
"""

import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import orjson
import uvloop

from bench.bus import forget_queues
from bench.harness import Bench, Figure
from bench.run import BENCHMARKS
from ops import servers

SECONDS, ROUNDS = 2.0, 3
# Older commits call it ServerWishes.
ServerOptions = vars(servers).get("ServerOptions") or vars(servers)["ServerWishes"]


class Alone(Bench):
    """Leaves the references out, because only our contenders of the two trees are compared."""

    async def alternate(self, contenders: Mapping[str, Callable[[float], Awaitable[float]]]) -> dict[str, Figure]:
        figures = await super().alternate({"ours": contenders["ours"]})
        return dict.fromkeys(contenders, figures["ours"])


async def measure(bench: Bench, name: str) -> dict[str, float]:
    """The median of each contender."""
    await forget_queues(bench.servers.amqp_admin_url)
    result = await BENCHMARKS[name](bench)
    return {contender: figure.median for contender, figure in result.figures.items()}


def main(name: str, directory: Path, file: Path) -> None:
    """Run `name` with its data in `directory` and write the medians to `file`."""
    with servers.local_servers(directory, ServerOptions("./guangcai bench --against"), print) as running:
        bench = Alone(running, SECONDS, ROUNDS, is_quick=True, step=print)  # quick: footprint right after the start
        figures = uvloop.run(measure(bench, name))
    file.write_bytes(orjson.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
