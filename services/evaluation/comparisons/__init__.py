"""Two periods side by side (双提升): sums of a unit, a community or the district, never how one person changed (G12)."""
