"""HTTP of activities: one module per screen of the work, one router."""

from fastapi import APIRouter

from services.activities.api import (
    activities,
    bulletin,
    bulletin_names,
    calendar,
    certificate_papers,
    certificates,
    checklists,
    community,
    complaints,
    correction_requests,
    exports,
    mapping,
    matching,
    members,
    needs,
    neighbourhoods,
    own_copy,
    pairings,
    posts,
    publicity,
    questionnaire_sheets,
    questionnaires,
    records,
    registers,
    rotas,
    series,
    sign_in,
    starting_kit,
    teams,
    time_bank,
)

PARTS = (
    *(posts, teams, activities, sign_in, series, starting_kit, rotas, calendar, records, correction_requests, checklists),
    *(members, own_copy, community, needs, complaints, bulletin, bulletin_names, mapping, matching),
    *(pairings, neighbourhoods, registers, time_bank, certificates, certificate_papers, publicity, exports),
    *(questionnaires, questionnaire_sheets),
)
router = APIRouter(routes=[route for part in PARTS for route in part.router.routes])  # one list: routers within routers match a path anew
