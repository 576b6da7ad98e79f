"""The public page of a questionnaire: the questions in both languages and a form that sends one sheet.

Invariant: the page loads nothing from anywhere, keeps nothing, and sends the code and the chosen numbers only.
"""

from html import escape
from typing import Final

from services.activities.questionnaires.queries import QuestionnaireView
from services.activities.questionnaires.questions import choices
from shared.contracts.activities.questionnaires import ClosedQuestion, QuestionKind
from shared.texts import text

PAGE: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer"><title>{title}</title></head>
<body><h1>{title}</h1><p>{last_day}: {day}</p>{form}</body></html>
"""
FORM: Final = """<p>{note}</p><form>{questions}<p><label>{code} <input name="code" maxlength="40" required autocomplete="off"></label></p>
<button>{send}</button></form><p role="status"><strong id="said"></strong></p><script>
const form = document.forms[0], said = document.getElementById("said");
const key = [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");
form.code.value = location.hash.slice(1);
form.onsubmit = async event => {{
  event.preventDefault();
  const chosen = set => [...set.querySelectorAll(":checked")].map(each => Number(each.value));
  const sheet = {{code: form.code.value, answers: [...form.querySelectorAll("fieldset")].map(chosen)}};
  const headers = {{"Content-Type": "application/json", "Idempotency-Key": key}};
  try {{
    const answer = await fetch(location.pathname + "/sheets", {{method: "POST", headers, body: JSON.stringify(sheet)}});
    const words = await answer.json();
    said.textContent = answer.ok ? words.zh + " · " + words.en : words.title + " · " + words.title_en;
    form.hidden = answer.ok;
  }} catch {{ said.textContent = "{failed}"; }}
}};
</script>"""


def page(shown: QuestionnaireView) -> str:
    """HTML; a closed one has no form."""
    form = f"<p><strong>{_said('closed')}</strong></p>"
    if shown.status == "OPEN":
        questions = "".join(_question(number, each) for number, each in enumerate(shown.questions, 1))
        words = {name: _said(name) for name in ("note", "code", "send", "failed")}
        form = FORM.format(questions=questions, **words)
    title = escape(_both(shown.title_zh, shown.title_en))
    return PAGE.format(title=title, last_day=_said("last_day"), day=shown.last_day, form=form)


def _question(number: int, question: ClosedQuestion) -> str:
    control = "checkbox" if question.kind is QuestionKind.SEVERAL else "radio"
    words = [_both(each.text_zh, each.text_en) for each in question.options] or [str(each) for each in choices(question)]
    choice = f'<p><label><input type="{control}" name="q{number}" value="{{value}}"> {{words}}</label></p>'
    options = "".join(choice.format(value=value, words=escape(each)) for value, each in enumerate(words, 1))
    asked = escape(_both(question.text_zh, question.text_en))
    return f"<fieldset><legend>{number}. {asked} ({_said(kind_key(question))})</legend>{options}</fieldset>"


def kind_key(question: ClosedQuestion) -> str:
    """Name of the words that say how to answer."""
    return f"kind_{question.kind.lower()}"


def _both(zh: str, en: str) -> str:
    return zh if zh == en else f"{zh} · {en}"


def _said(key: str) -> str:
    words = text("activities", "labels", f"questionnaire_{key}")
    return escape(f"{words.zh} · {words.en}")
