/* Who else has this case open or writes on it, and whether something new was said. */

import { post } from "./requests.js";

const PAUSE = 10000;

function tell(page, notice, stream, answer) {
    const lines = answer.others.map(
        (person) =>
            `${person.name} ${person.writing ? page.dataset.saysWriting : page.dataset.saysHere}`
    );
    notice.replaceChildren();
    notice.classList.toggle("writing", answer.others.some((person) => person.writing));
    if (lines.length) {
        notice.append(lines.join(" · "));
    }
    if (answer.newest > Number(page.dataset.newest)) {
        const link = document.createElement("a");
        link.href = window.location.pathname.replace(/do\/[^/]+\/$/, "change/");
        link.textContent = page.dataset.saysNew;
        notice.append(lines.length ? " · " : "", link);
    }
    const rest = stream ? stream.scrollHeight - stream.scrollTop - stream.clientHeight : 0;
    notice.hidden = !notice.childNodes.length;
    if (stream && rest < 8) {
        stream.scrollTop = stream.scrollHeight;
    }
}

export function watchOthers(page, stream, drafts) {
    const notice = document.getElementById("presence");
    if (!page.dataset.presence || !notice) {
        return;
    }

    function poll() {
        if (document.hidden) {
            return;
        }
        const writing = Date.now() - drafts.typedAt < PAUSE * 1.5 ? "1" : "0";
        post(page.dataset.presence, { writing: writing })
            .then((response) => (response.ok ? response.json() : null))
            .then((answer) => answer && tell(page, notice, stream, answer))
            .catch(() => null);
    }

    poll();
    setInterval(poll, PAUSE);
    document.addEventListener("visibilitychange", poll);
}
