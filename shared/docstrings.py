"""Docstrings as text for people: they become descriptions in documents and messages in answers.

Python 3.13 and later remove the indentation of a docstring when they compile it, older versions keep it, so a raw `__doc__` differs.
"""

import inspect


def docstring(documented: object) -> str:
    """The docstring of a class, function or module without indentation and outer blank lines; "" where there is none."""
    return inspect.cleandoc(documented.__doc__ or "")
