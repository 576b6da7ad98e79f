"""Series of activities with their rotas and templates: recurring days become planned activities.

Streams: series.
Invariant: the same occurrence always becomes the same activity; a rota only suggests, nobody is put on it.
"""
