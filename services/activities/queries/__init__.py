"""SELECTs on the read model and what they answer. The district is set by the transaction (row-level security), so no statement names it."""
