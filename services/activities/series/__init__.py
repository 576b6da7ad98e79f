"""Series of activities with their rotas and templates: recurring days become planned activities.

Streams: series.
"""
