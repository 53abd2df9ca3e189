/* A promise explains itself where it stands; without this its page does. */

export function tellStories() {
    document.addEventListener("toggle", (event) => {
        const told = event.target;
        if (!told.open || !told.dataset || !told.dataset.story || told.dataset.loaded) {
            return;
        }
        told.dataset.loaded = "1";
        fetch(told.dataset.story, { credentials: "same-origin" })
            .then((response) => (response.ok ? response.text() : Promise.reject(response)))
            .then((html) => told.lastElementChild.insertAdjacentHTML("afterbegin", html))
            .catch(() => delete told.dataset.loaded);
    }, true);
}
