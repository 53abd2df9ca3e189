/* The case page beyond plain forms. */

import { offerCopy } from "./case/copy.js";
import { Dialogs } from "./case/dialogs.js";
import { Drafts } from "./case/drafts.js";
import { nameFiles, spareFileFields } from "./case/files.js";
import { Keys } from "./case/keys.js";
import { beside, listQuery, rememberList } from "./case/list.js";
import { watchMenus } from "./case/menus.js";
import { tellOfNames } from "./case/names.js";
import { offerTools } from "./case/picker.js";
import { watchOthers } from "./case/presence.js";
import { tellStories } from "./case/promises.js";
import { sendOnce } from "./case/sending.js";
import { Tabs } from "./case/tabs.js";
import { countDown } from "./case/undo.js";

const page = document.getElementById("case");
const dialog = document.getElementById("desk-dialog");
const keyList = document.getElementById("desk-keys");
const stream = document.getElementById("stream");
const { person, queue, next, previous } = page.dataset;

const tabs = new Tabs(page);
const drafts = new Drafts(page, tabs);
sendOnce(drafts);
nameFiles(page);
spareFileFields(document);
countDown(page);
watchOthers(page, stream, drafts);
const dialogs = new Dialogs({ dialog, keyList, person, drafts });
tellStories();
watchMenus();
offerCopy(page);
offerTools(page, drafts, dialogs);
tellOfNames(page);
rememberList(page.dataset);

function go(url) {
    drafts.flush(true).then(() => window.location.assign(url));
}

function press(verb) {
    const button = page.querySelector(`button[data-verb="${verb}"]`);
    if (button) {
        button.click();
    }
}

const actions = {
    r: () => tabs.open("reply"),
    n: () => tabs.open("note"),
    p: () => tabs.open("propose"),
    a: () => press("take"),
    j: () => go(beside(next)),
    k: () => go(beside(previous)),
};
new Keys({ dialog, keyList, queue, list: listQuery, go, actions });

if (stream) {
    stream.scrollTop = stream.scrollHeight;
}
