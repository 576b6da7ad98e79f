"""Secret votes (ADR 16): a ballot replaces the voter, a seal the opinion; both are HMACs that nobody can make or open without the key.

Invariant: the same voter has the same ballot on a nominee, another one on every other nominee, and the same opinion on it the same seal.
"""

import hmac
from uuid import UUID

from shared.contracts.evaluation.codes import PanelOpinion


def ballot(key: bytes, district: str, round_id: UUID, member_id: UUID, voter: str) -> str:
    """The pseudonym of the voter for this nominee."""
    return _mac(key, f"{district}/{round_id}/{member_id}/{voter}").hex()


def sealed(key: bytes, ballot_: str, opinion: PanelOpinion) -> str:
    """The opinion under a key of its own, so that no ballot can be taken for a seal."""
    return _mac(_mac(key, "opinions"), f"{ballot_}/{opinion}").hex()


def opened(key: bytes, ballot_: str, seal: str) -> PanelOpinion | None:
    """The opinion behind a seal; None when it was made with another key."""
    return next((each for each in PanelOpinion if hmac.compare_digest(sealed(key, ballot_, each), seal)), None)


def _mac(key: bytes, message: str) -> bytes:
    return hmac.digest(key, message.encode(), "sha256")
