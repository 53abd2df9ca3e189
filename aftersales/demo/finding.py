"""The middle of a case's life: finding out what happened and why."""

from __future__ import annotations

from typing import Final

from aftersales.demo.arriving import Arriving
from aftersales.demo.rows import Row
from tickets.models import Evidence, Investigation

QUESTIONS: Final = {
    "zh": (
        "确认责任方和原因",
        "核实事情经过",
        "这批货有没有同类问题？",
        "包裹在哪个环节出的问题？",
    ),
    "en": (
        "Who is responsible, and why",
        "What exactly happened?",
        "Is the whole batch affected?",
        "Where did it go wrong on the way?",
    ),
}
EVIDENCE: Final = {
    "logistics": "trace",
    "warehouse": "record",
    "quality": "inspection",
    "technical": "inspection",
    "finance": "record",
}


class Finding(Arriving):
    """A case that is looked into."""

    @property
    def tongue(self) -> str:
        return self.story.language

    def colleague(self) -> Row:
        """Somebody of the department the story sends its question to."""
        department = self.story.notes[1].department
        return self.ground.agent(self.rng, department)

    def open_investigation(self) -> Row:
        self.wait(0.2, 2)
        signature = self.by(self.agent)
        question = self.rng.choice(QUESTIONS[self.tongue])
        row = self.pen.add(
            Investigation,
            {
                "ticket_id": self.ticket["id"],
                "question": question,
                "opened_by_id": self.agent["id"],
                "opened_at": signature.at,
            },
            signature,
        )
        self.save(signature)
        self.happened(
            "tickets.investigation_opened", Investigation, row, question, signature, note=question
        )
        return row

    def add_evidence(self, investigation: Row, person: Row, text: str, file: Row | None) -> None:
        self.wait(0.1, 1)
        signature = self.by(person)
        kind = "photo" if file else EVIDENCE.get(self.story.notes[1].department, "statement")
        row = self.pen.add(
            Evidence,
            {
                "investigation_id": investigation["id"],
                "ticket_id": self.ticket["id"],
                "kind": kind,
                "text": text,
                "attachment_id": file["id"] if file else None,
                "added_by_id": person["id"],
                "added_at": signature.at,
            },
            signature,
        )
        self.save(signature)
        self.happened("tickets.evidence_added", Evidence, row, text[:60], signature, kind=kind)

    def conclude(self, investigation: Row, person: Row) -> None:
        self.wait(0.3, 5)
        signature = self.by(person)
        story = self.story
        done = {
            "status": "concluded",
            "findings": story.notes[1].text,
            "root_cause": story.root_cause[:300],
            "responsible_party": story.responsible_party,
            "concluded_by_id": person["id"],
            "concluded_at": signature.at,
        }
        self.pen.change(Investigation, investigation, done, signature)
        self.save(
            signature,
            root_cause=done["root_cause"],
            responsible_party=story.responsible_party,
            investigated_at=signature.at,
        )
        self.happened(
            "tickets.investigation_concluded",
            Investigation,
            investigation,
            investigation["question"],
            signature,
            note=story.root_cause,
            responsible_party=story.responsible_party,
        )

    def drop(self, investigation: Row, reason: str) -> None:
        signature = self.by(self.agent, reason=reason)
        self.pen.change(Investigation, investigation, {"status": "canceled"}, signature)
        self.save(signature)
        self.happened(
            "tickets.investigation_dropped",
            Investigation,
            investigation,
            investigation["question"],
            signature,
            note=reason,
        )
