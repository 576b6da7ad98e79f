"""The demo: one district, one year, told through HTTP and RabbitMQ, and proven at the end."""

from pathlib import Path


def main(*, once: bool, json_file: Path | None, members: int, directory: Path, is_in_order: bool) -> int:
    """Run it; the exit code. Imported late, as the maker of the roster needs none of it."""
    from ops.demo import run  # noqa: PLC0415 - slow to import

    return run.main(once=once, json_file=json_file, members=members, directory=directory, is_in_order=is_in_order)
