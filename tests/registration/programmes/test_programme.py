"""The district's programme and what its forms print."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.programmes.programme import (
    FORMS,
    IN_SERVICE,
    PROGRAMME,
    TOTAL,
    AmendProgramme,
    AnnounceProgramme,
    CategoryReserved,
    FormFieldsInvalid,
    FormUnknown,
    ProgrammeEndsBeforeItStarts,
    ProgrammeUnknown,
)
from shared.contracts.registration.organisations import ProgrammeAmended, ProgrammeAnnounced
from shared.testing.scenario import Scenario
from tests.registration.given import DAY

ID = UUID("0192ffff-0000-7000-8000-000000000002")


ANNOUNCE = AnnounceProgramme(
    programme_id=ID,
    name="光彩在家园",
    legal_basis="区委组织部〔2026〕1号",
    starts_on=DAY,
    ends_on=None,
    vocabulary={"certificate": "报到介绍信"},
    forms={"form": ("name", "unit", "community")},
)

announced = ProgrammeAnnounced(**ANNOUNCE.model_dump())


def test_a_programme_is_announced_and_stated_anew() -> None:
    amend = AmendProgramme(**ANNOUNCE.model_dump())
    Scenario(PROGRAMME).when(ANNOUNCE).then(announced)
    Scenario(PROGRAMME).given(announced).when(amend).then_nothing()
    Scenario(PROGRAMME).when(amend).then_rejected(ProgrammeUnknown)
    (event,) = Scenario(PROGRAMME).given(announced).when(amend.model_copy(update={"name": "双管双评"})).then_events(ProgrammeAmended)
    Scenario(PROGRAMME).given(announced, event).when(amend.model_copy(update={"name": "双管双评"})).then_nothing()
    backwards = ANNOUNCE.model_copy(update={"ends_on": DAY - timedelta(days=1)})
    Scenario(PROGRAMME).when(backwards).then_rejected(ProgrammeEndsBeforeItStarts)
    amended_backwards = amend.model_copy(update={"ends_on": DAY - timedelta(days=1)})
    Scenario(PROGRAMME).given(announced).when(amended_backwards).then_rejected(ProgrammeEndsBeforeItStarts)
    one_day = ANNOUNCE.model_copy(update={"ends_on": DAY})
    Scenario(PROGRAMME).when(one_day).then(ProgrammeAnnounced(**one_day.model_dump()))


@given(st.sampled_from(sorted(FORMS)).flatmap(lambda form: st.tuples(st.just(form), st.permutations(FORMS[form]))))
def test_a_form_prints_its_fields_in_any_order(chosen: tuple[str, list[str]]) -> None:
    form, fields = chosen
    Scenario(PROGRAMME).when(ANNOUNCE.model_copy(update={"forms": {form: tuple(fields)}})).then_events(ProgrammeAnnounced)


@pytest.mark.parametrize(
    ("form", "fields"),
    [("form", ()), ("form", ("name", "name")), ("form", ("name", "thoughts")), ("certificate", ("name", "unit")), ("receipt", ("name",))],
)
def test_a_form_prints_only_what_it_can_fill_and_keeps_its_number(form: str, fields: tuple[str, ...]) -> None:
    Scenario(PROGRAMME).when(ANNOUNCE.model_copy(update={"forms": {form: fields}})).then_rejected(FormFieldsInvalid, form=form)
    Scenario(PROGRAMME).when(ANNOUNCE.model_copy(update={"forms": {"diary": ("name",)}})).then_rejected(FormUnknown)


@pytest.mark.parametrize("category", [IN_SERVICE, TOTAL])
def test_what_the_system_counts_itself_is_no_category_to_declare(category: str) -> None:
    own = ANNOUNCE.model_copy(update={"member_categories": {category: "在职", "retired": "离退休"}})
    Scenario(PROGRAMME).when(own).then_rejected(CategoryReserved, categories=[category])
