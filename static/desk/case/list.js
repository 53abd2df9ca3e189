/* The list somebody works through, and where in it they are. */

import { isLogin } from "./requests.js";

const LIST = "desk-list";
const PLACE = "desk-place";
// Going to a leg of the case and back is still work on the case.
const WORK = /\/(tickets\/ticket|handoffs\/handoff)\//;

// Kept over what is done on the case; forgotten by who comes from anywhere else.
export function rememberList({ queue, number, place }) {
    const came = document.referrer ? new URL(document.referrer) : null;
    const isQueue = came && came.pathname === queue;
    const kept = window.sessionStorage.getItem(PLACE) || "";
    if (isQueue) {
        window.sessionStorage.setItem(LIST, came.search || "?view=");
    } else if (came && !WORK.test(came.pathname) && !isLogin(came)) {
        window.sessionStorage.removeItem(LIST);
    }
    if (isQueue || !kept.startsWith(`${number} `)) {
        window.sessionStorage.setItem(PLACE, `${number} ${place}`);
    }
}

// How the list was asked for; "" without one.
export function listQuery() {
    return window.sessionStorage.getItem(LIST) || "";
}

export function beside(url) {
    const values = new URLSearchParams(listQuery());
    values.set("from", window.sessionStorage.getItem(PLACE).split(" ")[1]);
    return `${url}?${values}`;
}
