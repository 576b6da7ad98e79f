"""Feedback reports (情况反馈): from the community to the work unit every quarter; the member reads them first and may comment.

Streams: feedback-report. Invariant: nothing is sent before the member could comment.
"""
