"""The rules of notices: one aggregate, and when a letter may leave."""
