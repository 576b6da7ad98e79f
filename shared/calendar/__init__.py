"""Calendar days in China: local time, quarters, official working days, and the range of years that requests may name."""
