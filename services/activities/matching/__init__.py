"""What fits whom: suggestions for members and posts. Nothing is assigned and nobody is ranked.

Streams: none.
"""
