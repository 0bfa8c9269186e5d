// Starts the WebAssembly module. A file of its own because the page's Content-Security-Policy
// allows no inline script; Trunk.toml writes the two links that name the files to load.
//
// When the module cannot be loaded, the poster stays and #boot-alert says what happened and what to
// do. The outcome is also on <html data-boot="loading | running | failed">.

// What a visitor may read here.
const say = {
  failed: {
    title: "The simulator could not start.",
    text: " Its program could not be loaded, so nothing here moves. Reload the page to try again.",
    button: "Retry",
  },
  stopped: {
    title: "The simulation has stopped.",
    text:
      " Its program came to where it must never be. Reload the page to begin from where the " +
      "last visit ended; a report with this page's address helps to mend it.",
    button: "Reload",
  },
  damaged: "its file is damaged",
};

const root = document.documentElement;
root.dataset.boot = "loading";

try {
  // The theme chosen last time, before anything is drawn in another.
  const kept = /[?&]embed=1/.test(location.search) ? null : localStorage;
  const theme = kept?.getItem("replicascope.theme");
  if (theme) root.dataset.theme = theme;
} catch {
  // Storage is refused here; the system's theme is as good.
}

function fail(error) {
  if (root.dataset.boot === "failed") return;
  const words = root.dataset.boot === "running" ? say.stopped : say.failed;
  root.dataset.boot = "failed";
  const cause = error && error.message ? error.message : String(error);
  const title = document.createElement("b");
  title.textContent = words.title;
  const text = document.createElement("span");
  text.textContent = `${words.text} (${cause})`;
  const retry = document.createElement("button");
  retry.textContent = words.button;
  retry.addEventListener("click", () => location.reload());
  const alert = document.getElementById("boot-alert");
  alert.replaceChildren(title, text, retry);
  alert.hidden = false;
  console.warn("Replicascope could not start:", cause);
}

// The program's address; or, when it was packed for a release, the program. What opens it lies
// beside it, and how long it is stands at its beginning.
async function program() {
  const { href } = document.getElementById("app-wasm");
  if (!href.endsWith(".packed")) return href;
  const [file, opener] = await Promise.all([href, new URL("unpack.wasm", href)].map(bytes));
  const { memory, room, unpack } = (await WebAssembly.instantiate(opener)).instance.exports;
  const length = new DataView(file).getUint32(0, true);
  const [packed, opened] = [room(file.byteLength), room(length)];
  new Uint8Array(memory.buffer).set(new Uint8Array(file), packed);
  if (!unpack(packed, file.byteLength, opened, length)) throw new Error(say.damaged);
  return memory.buffer.slice(opened, opened + length);
}

async function bytes(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return answer.arrayBuffer();
}

// Lets a worker keep the files for visits without a network. An embedded page stores nothing, and
// where workers are refused the page works all the same, with a network.
async function keepForLater() {
  if (!navigator.serviceWorker || /[?&]embed=1/.test(location.search)) return;
  try {
    await navigator.serviceWorker.register("sw.js");
    const { active } = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
    const own = loaded.filter((name) => name.startsWith(location.origin));
    const page = location.origin + location.pathname;
    active.postMessage([...new Set([page, ...own])]);
  } catch (error) {
    console.info("Replicascope will need a network next time:", error.message);
  }
}

// What the program throws once it runs is its own error: it cannot go on after one.
addEventListener("error", ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) fail(error);
});

try {
  const bindings = await import(document.getElementById("app-js").href);
  await bindings.default({ module_or_path: await program() });
  // The library's JavaScript interface, the same that the npm package has.
  globalThis.replication = bindings;
  root.dataset.boot = "running";
  keepForLater();
} catch (error) {
  fail(error);
}
