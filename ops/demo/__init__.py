"""The demo: one year of one district, played through HTTP and RabbitMQ and verified at the end."""

from pathlib import Path


def main(*, once: bool, json_file: Path | None, members: int, directory: Path, is_in_order: bool) -> int:
    """Run the demo; returns the exit code. Imported late, because make_roster does not need the rest."""
    from ops.demo import run  # noqa: PLC0415 - slow to import

    return run.main(once=once, json_file=json_file, members=members, directory=directory, is_in_order=is_in_order)
