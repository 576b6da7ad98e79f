"""Each planted defect with its service, the fault that reveals it, and the invariants that must find it."""

from collections.abc import Mapping
from dataclasses import dataclass

from faults.bus import lost_bindings, lost_messages, strange_messages
from faults.disks import broker_full, table_full
from faults.kills import killed_with
from faults.past import old_backup
from faults.promotion import promoted
from faults.scenarios import cut_from_database, kill, nothing, reset_storm, sender_killed
from faults.store import backends_killed, poison_in_the_log
from faults.trial import Fault, Trial
from faults.twins import both_busy, frozen


@dataclass(frozen=True, slots=True)
class Defect:
    """A patch of faults.planted in one service, and the fault that reveals it."""

    service: str
    fault: Fault
    found_by: tuple[str, ...]
    is_short: bool = False
    is_alone: bool = False  # its fault breaks a server that other clusters share


def dies_at(point: str, service: str, defect: str) -> Fault:
    """The service with the defect dies at a fault point; it is restarted without the defect."""
    return kill(service, point, 3, defect=defect)


async def long_enough(trial: Trial) -> None:
    await trial.commands(40)


async def rush(trial: Trial) -> None:
    await trial.load.rush(trial.ground.districts[0])


DEFECTS: Mapping[str, Defect] = {
    "cursor_before_confirm": Defect("activities", dies_at("relay.read", "activities", "cursor_before_confirm"), ("I3",), is_short=True),
    "unroutable_is_sent": Defect("activities", lost_bindings, ("I3",)),
    "bytes_made_again": Defect("activities", nothing, ("I3",)),
    "cursor_goes_back": Defect("activities", long_enough, ("I10",)),
    "relay_gives_up": Defect("activities", reset_storm, ("I11",)),
    "connections_leak": Defect("activities", long_enough, ("I13",)),
    "checkpoint_apart": Defect("evaluation", dies_at("consumer.before_commit", "evaluation", "checkpoint_apart"), ("I4", "I5")),
    "gaps_are_skipped": Defect("notifications", lost_messages, ("I4", "I5")),
    "time_tells_duplicates": Defect("evaluation", long_enough, ("I4", "I5")),
    "poison_is_swallowed": Defect("evaluation", poison_in_the_log, ("I4",)),
    "garbage_is_acknowledged": Defect("activities", strange_messages, ("I3",)),
    "keys_are_ignored": Defect("activities", long_enough, ("I1",)),
    "answered_before_commit": Defect("activities", backends_killed, ("I1",)),
    "refused_after_commit": Defect("activities", nothing, ("I1",)),
    "waits_for_ever": Defect("activities", cut_from_database, ("I12",)),
    "feed_shows_everything": Defect("activities", nothing, ("I8",)),
    "places_are_not_counted": Defect("activities", rush, ("I6",)),
    "notices_have_new_names": Defect("notifications", dies_at("intent.performed", "notifications", "notices_have_new_names"), ("I6",)),
    "leases_never_end": Defect("activities", frozen("activities", "leases_never_end"), ("I11",)),
    "checkpoints_are_not_fenced": Defect("activities", both_busy("checkpoints_are_not_fenced"), ("I4", "I5", "I10")),
    "loss_is_not_noticed": Defect("evaluation", old_backup, ("I4",)),
    "seen_events_are_forgotten": Defect(
        "activities", promoted(("activities",), planted_in="activities", defect="seen_events_are_forgotten"), ("I2",)
    ),
    "intents_wait_in_memory": Defect("notifications", killed_with("notifications", "intents_wait_in_memory"), ("I4",)),
    "full_disk_is_unforeseen": Defect("activities", table_full, ("I12",)),
    "broker_errors_are_ignored": Defect("activities", broker_full, ("I3",), is_alone=True),
    "letters_are_sent_again": Defect("notifications", sender_killed("letter.handed_over", "letters_are_sent_again"), ("I6",)),
}
