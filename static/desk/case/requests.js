/* Asking the server, and telling answers that are not what was asked for. */

function token() {
    const field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
}

export function post(url, values, keepalive) {
    const body = new FormData();
    Object.entries(values).forEach(([name, value]) => body.append(name, value));
    body.append("csrfmiddlewaretoken", token());
    return fetch(url, {
        method: "POST",
        body: body,
        credentials: "same-origin",
        keepalive: Boolean(keepalive),
        headers: { "X-Desk-Part": "1" },
    });
}

export function isLogin(address) {
    return address.pathname.endsWith("/login/");
}

export function isSignIn(response) {
    return response.redirected && isLogin(new URL(response.url));
}

export function signIn(response) {
    const address = new URL(response.url);
    address.searchParams.set("next", window.location.pathname + window.location.search);
    window.location.assign(address);
}

export function isPage(html) {
    return html.trimStart().slice(0, 9).toLowerCase() === "<!doctype";
}

export function isJson(response) {
    return (response.headers.get("Content-Type") || "").includes("json");
}
