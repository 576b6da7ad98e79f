"""What speaks HTTP: the checks before a request is parsed (door, gate, fields), endpoints, lists in pages, errors as problem+json."""
