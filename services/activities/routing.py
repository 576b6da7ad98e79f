"""HTTP of activities: one module per screen of the work, one router."""

from fastapi import APIRouter

from services.activities.bulletins import api as bulletin
from services.activities.bulletins import names as bulletin_names
from services.activities.certificates import api as certificates
from services.activities.certificates import paper as certificate_papers
from services.activities.certificates import publicity
from services.activities.checklists import api as checklists
from services.activities.complaints import api as complaints
from services.activities.needs import api as needs
from services.activities.neighbourhoods import api as neighbourhoods
from services.activities.pairings import api as pairings
from services.activities.questionnaires import api as questionnaires
from services.activities.questionnaires import sheets as questionnaire_sheets
from services.activities.registers import api as registers
from services.activities.suggestions import api as community
from services.activities.teams import api as teams
from services.activities.time_bank import api as time_bank

PARTS = (
    *(teams, checklists, community, needs, complaints, bulletin, bulletin_names),
    *(pairings, neighbourhoods, registers, time_bank, certificates, certificate_papers, publicity),
    *(questionnaires, questionnaire_sheets),
)
router = APIRouter(routes=[route for part in PARTS for route in part.router.routes])  # one list: routers within routers match a path anew
