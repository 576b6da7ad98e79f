"""Posts with minors need the module, two places, protection and vetting."""

from typing import Any

from services.activities.modules.module import ModuleIsOff
from services.activities.posts.claims import ConfirmPostClaim, VettingNotChecked
from services.activities.posts.post import SERVICE_POST, AmendPost, EstablishPost, ProposePost, SafeguardingMissing
from shared.contracts.activities.posts import PostEstablished, PostProposed
from shared.testing.scenario import Scenario
from tests.activities.given import COMMUNITY, DAY, SECRETARY, TERMS, claim_id, claimed


def test_g14_a_post_with_minors_needs_the_module_two_places_protection_and_vetting():
    draft = TERMS | {"is_with_minors": True}
    Scenario(SERVICE_POST).when(ProposePost(**draft)).then_rejected(ModuleIsOff)
    (proposal,) = Scenario(SERVICE_POST).when(ProposePost(**draft, is_minors_module_on=True)).then_events(PostProposed)
    Scenario(SERVICE_POST).given(proposal).when(EstablishPost()).then_rejected(SafeguardingMissing)
    single = proposal.model_copy(update={"capacity": 1, "safeguarding": "活动室门敞开"})
    Scenario(SERVICE_POST).given(single).when(EstablishPost()).then_rejected(SafeguardingMissing)
    safe = proposal.model_copy(update={"safeguarding": "活动室门敞开,社区工作人员在场"})
    (established,) = Scenario(SERVICE_POST).given(safe).when(EstablishPost()).then_events(PostEstablished)
    Scenario(SERVICE_POST).given(established).when(AmendPost(reason="减员", capacity=1)).then_rejected(SafeguardingMissing)
    take_up = {"claim_id": claim_id(1), "taken_up_on": DAY, "confirmed_by": SECRETARY}
    Scenario(SERVICE_POST).given(established, claimed(1)).when(ConfirmPostClaim(**take_up)).then_rejected(VettingNotChecked)
    Scenario(SERVICE_POST).given(established, claimed(1)).when(ConfirmPostClaim(**take_up, is_vetted=True)).then(
        *SERVICE_POST.decide(
            ConfirmPostClaim(**take_up, is_vetted=True),
            SERVICE_POST.evolve(SERVICE_POST.evolve(SERVICE_POST.initial, established), claimed(1)),
        )
    )


def draft(**changes: Any) -> dict[str, Any]:
    values = {"community_id": str(COMMUNITY), "recipient_type": "ELDERLY", "goal": "每周探望", "file_no": "12号"}
    return values | {"term_start": "2026-01-01", "term_end": "2026-12-31", "review_by": "2026-03-31"} | changes
