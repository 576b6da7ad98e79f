"""Anonymous questionnaires: closed questions, unchanged once published, one sheet per code, counted and never followed."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.activities.anonymous_texts import NumberOfAPerson
from services.activities.questionnaires.codes import kept_of_code, sheet_id, slip_code
from services.activities.questionnaires.questionnaire import (
    MOST_CODES,
    QUESTIONNAIRE,
    AmendQuestionnaire,
    CloseQuestionnaire,
    CodeRefused,
    DraftQuestionnaire,
    HandInSheet,
    IssueCodes,
    LastDayIsOver,
    PublishQuestionnaire,
    PublishResults,
    QuestionnaireIsPublished,
    TooManyCodes,
)
from services.activities.questionnaires.questions import BLANK, AnswersDoNotFit, SheetIsEmpty, choices, counted, require_fitting
from services.activities.questionnaires.state import (
    LEAST_SHEETS,
    Closed,
    Open,
    QuestionnaireIsClosed,
    QuestionnaireIsNotPublished,
    QuestionnaireIsOpen,
    TooFewSheets,
    is_over,
)
from services.activities.refusals import AlreadyExists, WrongStep
from shared.contracts.activities.questionnaires import (
    QuestionKind,
    QuestionnaireAnswered,
    QuestionnaireClosed,
    QuestionnaireCodesIssued,
    QuestionnaireDrafted,
    QuestionnairePublished,
    QuestionnaireResultsPublished,
)
from shared.decider import DomainError
from shared.testing.scenario import Scenario
from tests.activities.given import COMMUNITY, some_id

TODAY = date(2026, 3, 2)
LAST_DAY = date(2026, 3, 20)
LATER = LAST_DAY + timedelta(days=1)
ID = some_id("da", 1)
BATCH = some_id("db", 1)
QUESTIONS: list[dict[str, Any]] = [
    {
        "kind": "ONE",
        "text_zh": "活动室何时开放?",
        "text_en": "When should the room be open?",
        "options": [{"text_zh": "早上"}, {"text_zh": "晚上"}],
    },
    {"kind": "SEVERAL", "text_zh": "希望开展哪些活动?", "options": [{"text_zh": "下棋"}, {"text_zh": "合唱"}, {"text_zh": "书法"}]},
    {"kind": "SCALE", "text_zh": "对现有场地的满意程度"},
]
CONTENTS: dict[str, Any] = {"title_zh": "活动室改造意见征求", "questions": QUESTIONS, "last_day": LAST_DAY}
draft = DraftQuestionnaire.model_validate({"questionnaire_id": ID, "community_id": COMMUNITY, **CONTENTS})
drafted = QuestionnaireDrafted(questionnaire_id=ID, community_id=COMMUNITY, **draft.said())
published = QuestionnairePublished(**drafted.model_dump(), published_on=TODAY)
issued = QuestionnaireCodesIssued(questionnaire_id=ID, batch_id=BATCH, code_hashes=("a", "b", "c", "d", "e", "f"))
closed = QuestionnaireClosed(questionnaire_id=ID, closed_on=TODAY)
OPEN = (drafted, published, issued)
ANSWERS = ((1,), (1, 3), (4,))


def sheet(code_hash: str = "a", answers: tuple[tuple[int, ...], ...] = ANSWERS, today: date = TODAY) -> HandInSheet:
    return HandInSheet(code_hash=code_hash, answers=answers, today=today)


def answered(code_hash: str = "a", answers: tuple[tuple[int, ...], ...] = ANSWERS) -> QuestionnaireAnswered:
    return QuestionnaireAnswered(questionnaire_id=ID, code_hash=code_hash, answers=answers)


FIVE = tuple(answered(code_hash) for code_hash in "abcde")


def test_what_is_published_never_changes_again():
    amend = AmendQuestionnaire.model_validate({**CONTENTS, "title_zh": "改名"})
    publish = PublishQuestionnaire(today=TODAY)
    Scenario(QUESTIONNAIRE).when(draft).then(drafted)
    Scenario(QUESTIONNAIRE).given(drafted).when(draft).then_rejected(AlreadyExists)
    Scenario(QUESTIONNAIRE).given(drafted).when(amend).then(drafted.model_copy(update={"title_zh": "改名", "title_en": "改名"}))
    Scenario(QUESTIONNAIRE).given(drafted).when(AmendQuestionnaire.model_validate(CONTENTS)).then_nothing()
    Scenario(QUESTIONNAIRE).given(drafted).when(publish).then(published)
    Scenario(QUESTIONNAIRE).given(drafted, published).when(publish).then_nothing()
    Scenario(QUESTIONNAIRE).given(drafted, published).when(amend).then_rejected(QuestionnaireIsPublished)
    Scenario(QUESTIONNAIRE).given(drafted).when(PublishQuestionnaire(today=LATER)).then_rejected(LastDayIsOver)
    for too_early in (publish, amend, sheet(), CloseQuestionnaire(today=TODAY)):
        Scenario(QUESTIONNAIRE).when(too_early).then_rejected(WrongStep)


@pytest.mark.parametrize(
    "place",
    [
        {"title_zh": "请打13800138000"},
        {"questions": [{**QUESTIONS[2], "text_en": "call 138 0013 8000"}]},
        {"questions": [{**QUESTIONS[0], "options": [{"text_zh": "找13800138000"}, {"text_zh": "不找"}]}]},
    ],
)
def test_a_questionnaire_names_nobody_by_number(place: dict[str, Any]):
    numbered = DraftQuestionnaire.model_validate({**draft.model_dump(), **place})
    Scenario(QUESTIONNAIRE).when(numbered).then_rejected(NumberOfAPerson)


two = [{"text_zh": "是"}, {"text_zh": "否"}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"questions": []},
        {"questions": QUESTIONS * 7},
        {"questions": [{"kind": "WORDS", "text_zh": "您有什么想说的?"}]},
        {"questions": [{"kind": "ONE", "text_zh": "?", "options": two[:1]}]},
        {"questions": [{"kind": "ONE", "text_zh": "?", "options": [{"text_zh": str(number)} for number in range(11)]}]},
        {"questions": [{"kind": "ONE", "text_zh": "?", "options": [*two, two[0]]}]},
        {"questions": [{"kind": "SCALE", "text_zh": "?", "options": two}]},
        {"questions": [{"kind": "ONE", "text_zh": "长" * 201, "options": two}]},
        {"questions": [{"kind": "ONE", "text_zh": "", "options": two}]},
        {"title_zh": "长" * 81},
        {"last_day": "someday"},
        {"street_id": str(some_id("cc", 7))},
    ],
)
def test_only_closed_questions_can_be_asked(wrong: dict[str, Any]):
    with pytest.raises(ValidationError):
        DraftQuestionnaire.model_validate({**draft.model_dump(), **wrong})


def test_a_code_gives_one_sheet_and_a_wrong_one_is_refused_like_a_used_one():
    Scenario(QUESTIONNAIRE).given(*OPEN).when(sheet()).then(answered())
    Scenario(QUESTIONNAIRE).given(*OPEN).when(sheet(answers=((), (3, 1), ()))).then(answered(answers=((), (1, 3), ())))
    used = Scenario(QUESTIONNAIRE).given(*OPEN, answered())
    used.when(sheet()).then_rejected(CodeRefused)
    used.when(sheet("never issued")).then_rejected(CodeRefused)
    assert CodeRefused().facts == {}
    used.when(sheet("b")).then(answered("b"))


def test_late_answers_are_refused_and_so_are_early_ones():
    Scenario(QUESTIONNAIRE).given(*OPEN).when(sheet(today=LAST_DAY)).then(answered())
    Scenario(QUESTIONNAIRE).given(*OPEN).when(sheet(today=LATER)).then_rejected(QuestionnaireIsClosed)
    Scenario(QUESTIONNAIRE).given(*OPEN, closed).when(sheet()).then_rejected(QuestionnaireIsClosed)
    Scenario(QUESTIONNAIRE).given(drafted).when(sheet()).then_rejected(QuestionnaireIsNotPublished)
    Scenario(QUESTIONNAIRE).given(*OPEN).when(CloseQuestionnaire(today=TODAY)).then(closed)
    for over in (OPEN, (*OPEN, closed)):
        Scenario(QUESTIONNAIRE).given(*over).when(CloseQuestionnaire(today=LATER)).then_nothing()


@pytest.mark.parametrize(
    "answers", [(), ((1,), (1,)), (*ANSWERS, (1,)), ((1, 2), (), ()), ((3,), (), ()), ((), (2, 2), ()), ((), (4,), ()), ((), (), (6,))]
)
def test_a_sheet_that_does_not_fit_says_nothing_about_its_code(answers: tuple[tuple[int, ...], ...]):
    for code_hash in ("a", "never issued"):
        Scenario(QUESTIONNAIRE).given(*OPEN).when(sheet(code_hash, answers)).then_rejected(AnswersDoNotFit)
    Scenario(QUESTIONNAIRE).given(*OPEN).when(sheet(answers=((), (), ()))).then_rejected(SheetIsEmpty)


def test_codes_are_bounded_and_kept_in_an_order_of_their_own():
    issue = IssueCodes(batch_id=BATCH, code_hashes=frozenset("fedcba"), today=TODAY)
    Scenario(QUESTIONNAIRE).given(drafted, published).when(issue).then(issued)
    Scenario(QUESTIONNAIRE).given(*OPEN).when(issue).then_nothing()
    again = issue.model_copy(update={"batch_id": some_id("db", 2)})
    Scenario(QUESTIONNAIRE).given(*OPEN, answered()).when(again).then_rejected(AlreadyExists)
    Scenario(QUESTIONNAIRE).given(drafted).when(issue).then_rejected(QuestionnaireIsNotPublished)
    Scenario(QUESTIONNAIRE).given(drafted, published).when(issue.model_copy(update={"today": LATER})).then_rejected(QuestionnaireIsClosed)
    many = frozenset(str(number) for number in range(MOST_CODES - 5))
    another = IssueCodes(batch_id=some_id("db", 2), code_hashes=many, today=TODAY)
    Scenario(QUESTIONNAIRE).given(*OPEN).when(another).then_rejected(TooManyCodes)
    Scenario(QUESTIONNAIRE).given(drafted, published).when(another).then_events(QuestionnaireCodesIssued)


def test_results_are_told_after_the_end_of_five_sheets_or_more():
    told = QuestionnaireResultsPublished(questionnaire_id=ID, published_on=LATER)
    Scenario(QUESTIONNAIRE).given(*OPEN, *FIVE).when(PublishResults(today=LAST_DAY)).then_rejected(QuestionnaireIsOpen)
    Scenario(QUESTIONNAIRE).given(*OPEN, *FIVE[1:]).when(PublishResults(today=LATER)).then_rejected(TooFewSheets)
    Scenario(QUESTIONNAIRE).given(*OPEN, *FIVE).when(PublishResults(today=LATER)).then(told)
    Scenario(QUESTIONNAIRE).given(*OPEN, *FIVE, told).when(PublishResults(today=LATER)).then_nothing()
    Scenario(QUESTIONNAIRE).given(drafted).when(PublishResults(today=LATER)).then_rejected(QuestionnaireIsNotPublished)


def test_a_slip_does_not_lead_to_its_sheet_without_the_key():
    code = slip_code(b"key", "north", BATCH, 1)
    assert len({slip_code(b"key", "north", BATCH, number) for number in range(200)}) == 200
    assert kept_of_code(b"key", ID, code.lower().replace("-", " ")) == kept_of_code(b"key", ID, code)
    assert len({kept_of_code(b"key", ID, code), kept_of_code(b"other", ID, code), kept_of_code(b"key", BATCH, code)}) == 3
    first = sheet_id(b"key", some_id("dc", 1), code)
    assert first == sheet_id(b"key", some_id("dc", 1), code)
    assert first.version == 8
    assert first not in {sheet_id(b"key", some_id("dc", 2), code), sheet_id(b"key", some_id("dc", 1), slip_code(b"key", "north", BATCH, 2))}


days = st.sampled_from([TODAY, LAST_DAY, LATER])
chosen = st.lists(st.integers(1, 5), max_size=3).map(tuple)
commands = st.one_of(
    st.just(draft),
    days.map(lambda today: PublishQuestionnaire(today=today)),
    st.builds(
        IssueCodes,
        batch_id=st.sampled_from([BATCH, some_id("db", 2)]),
        code_hashes=st.frozensets(st.sampled_from("abcdefgh"), max_size=8),
        today=days,
    ),
    st.builds(HandInSheet, code_hash=st.sampled_from("abcdefghi"), answers=st.tuples(chosen, chosen, chosen), today=days),
    st.builds(HandInSheet, code_hash=st.sampled_from("abcdefghi"), answers=st.just(ANSWERS), today=days),
    days.map(lambda today: CloseQuestionnaire(today=today)),
    days.map(lambda today: PublishResults(today=today)),
)


@given(st.lists(commands, max_size=60), st.booleans())
def test_whatever_is_asked_counts_are_those_of_the_accepted_sheets_and_a_code_counts_once(asked: list[Any], is_open: bool):
    state, sheets, ever_issued = QUESTIONNAIRE.initial, list[QuestionnaireAnswered](), set[str]()
    for event in OPEN if is_open else ():
        state = QUESTIONNAIRE.evolve(state, event)
        ever_issued |= set(issued.code_hashes) if event is issued else set()
    for command in asked:
        try:
            events = QUESTIONNAIRE.decide(command, state)
        except DomainError:
            continue
        for event in events:
            match event:
                case QuestionnaireAnswered():
                    assert not is_over(state, command.today)
                    sheets.append(event)
                case QuestionnaireCodesIssued():
                    ever_issued |= set(event.code_hashes)
                case QuestionnaireResultsPublished():
                    assert is_over(state, command.today)
                    assert len(state.used) >= LEAST_SHEETS
                case _:
                    pass
            state = QUESTIONNAIRE.evolve(state, event)
    used = [each.code_hash for each in sheets]
    published = isinstance(state, Open | Closed)
    assert len(used) == len(set(used)) == (len(state.used) if published else 0)
    assert set(used) <= ever_issued
    assert (state.issued if published else set()) == ever_issued
    sums = Counter(place for each in sheets for place in counted(each.answers))
    for number, question in enumerate(drafted.questions, 1):
        of_question = [sums[number, choice] for choice in (BLANK, *choices(question))]
        if question.kind is QuestionKind.SEVERAL:
            assert max(of_question) <= len(sheets)
        else:
            assert sum(of_question) == len(sheets)
    for each in sheets:
        require_fitting(drafted.questions, each.answers)
