/* The page of one leg beyond plain forms: its dialogs, keys and the link to copy. */

import { offerCopy } from "./case/copy.js";
import { Dialogs } from "./case/dialogs.js";
import { Keys } from "./case/keys.js";
import { sendOnce } from "./case/sending.js";

const page = document.getElementById("case");
const dialog = document.getElementById("desk-dialog");
const keyList = document.getElementById("desk-keys");
const { person, queue } = page.dataset;
// A leg has nothing that is saved while it is typed.
const drafts = { flush: () => Promise.resolve(), leave: () => null, stay: () => null };

sendOnce(drafts);
new Dialogs({ dialog, keyList, person, drafts });
offerCopy(page);

function go(url) {
    window.location.assign(url);
}

new Keys({ dialog, keyList, queue, list: () => "", go, actions: {} });
