"""What browsers may do with our pages (Content Security Policy, level 3): only show them, unless a page has a policy of its own."""

import base64
import hashlib
from typing import Final

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# The pages of the API documents load their viewer; they show no data.
DOCUMENT_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' https:; style-src 'self' 'unsafe-inline' https:; img-src 'self' data: https:; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def policy_with_script(html: str) -> dict[str, str]:
    """Headers that let the last script of a page run and send requests to this service. The script must not contain text from callers."""
    if "<script>" not in html:
        return {"Content-Security-Policy": PAGE_POLICY}
    script = html.rpartition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {"Content-Security-Policy": f"{PAGE_POLICY}; script-src 'sha256-{digest}'; connect-src 'self'"}
