"""What fits a question, and what a sheet counts for."""

import pytest

from services.activities.questionnaires.questions import AnswersDoNotFit, SheetIsEmpty, counted, require_fitting
from shared.contracts.activities.questionnaires import AnswerOption, ClosedQuestion, QuestionKind
from shared.testing.samples import sample

OPTIONS = tuple(sample(AnswerOption) for _ in range(3))
ONE = sample(ClosedQuestion, kind=QuestionKind.ONE, options=OPTIONS)
SEVERAL = sample(ClosedQuestion, kind=QuestionKind.SEVERAL, options=OPTIONS)


@pytest.mark.parametrize("answers", [((1,), (1, 3)), ((), (2,)), ((3,), ())])
def test_fitting_answers_pass(answers: tuple[tuple[int, ...], ...]) -> None:
    require_fitting((ONE, SEVERAL), answers)


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        (((1, 2), ()), [1]),  # one question, one option
        (((), (1, 1)), [2]),  # the same option twice
        (((4,), (0,)), [1, 2]),  # no such options
        (((1,), (1, 2, 3, 4)), [2]),
    ],
)
def test_what_does_not_fit_is_named_by_number(answers: tuple[tuple[int, ...], ...], wrong: list[int]) -> None:
    with pytest.raises(AnswersDoNotFit) as refused:
        require_fitting((ONE, SEVERAL), answers)
    assert refused.value.facts == {"wrong": wrong}


def test_every_question_has_its_line_and_a_sheet_says_something() -> None:
    with pytest.raises(AnswersDoNotFit) as refused:
        require_fitting((ONE, SEVERAL), ((1,),))
    assert refused.value.facts == {"questions": 2}
    with pytest.raises(SheetIsEmpty):
        require_fitting((ONE, SEVERAL), ((), ()))


def test_a_sheet_counts_each_option_and_blanks_by_themselves() -> None:
    assert list(counted(((2,), (), (1, 3)))) == [(1, 2), (2, 0), (3, 1), (3, 3)]
