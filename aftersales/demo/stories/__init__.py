"""Invented after-sales cases, from the first message to the rating, in Chinese and English.

`tell` composes one from sentences of its kind and of its language. The same state of the
`random.Random` gives the same story. About 45 kinds; see `kinds.py` for frequency and endings.
"""

from aftersales.demo.stories.kinds import BY_CODE, KINDS, StoryKind
from aftersales.demo.stories.telling import Note, Offer, Story, short_feedback, tell, tells

__all__ = [
    "BY_CODE",
    "KINDS",
    "Note",
    "Offer",
    "Story",
    "StoryKind",
    "short_feedback",
    "tell",
    "tells",
]
