// The few things that HTML cannot do. Nothing here turns text into elements.

const here = document.body;
const csrf = here.dataset.csrf;

// Every change proves that a page of ours asked for it.
here.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRF-Token"] = csrf;
});
here.addEventListener("htmx:response:error", (event) => {
  const { status, headers } = event.detail.ctx.response;
  const why = headers.get("X-Magpie-Why");
  toast(why ? decodeURIComponent(why) : `This was refused (${status}).`, "bad");
});

// Nobody has answered a change; what only looks at things asks again by itself.
here.addEventListener("htmx:error", (event) => {
  const asked = event.detail.ctx?.request.method ?? "GET";
  if (asked.toUpperCase() !== "GET") toast("Magpie does not answer: this may not be done.", "bad");
});

export function toast(text, kind = "good") {
  const told = [...document.getElementById("toasts").children];
  if (told.some((line) => line.textContent === text)) return;
  const line = document.createElement("p");
  line.className = `alert ${kind}`;
  line.textContent = text;
  document.getElementById("toasts").append(line);
  setTimeout(() => line.remove(), kind === "bad" ? 15000 : 4000);
}

// The stream's state, in colour and in words.
const stream = document.getElementById("stream");
function tell(kind, words) {
  stream.className = `stream ${kind}`;
  stream.title = words;
  stream.firstElementChild.textContent = words;
}
here.addEventListener("htmx:sse:after:connection", () => tell("on", "Live"));
here.addEventListener("htmx:sse:error", () => tell("off", "Not live: connecting again"));
here.addEventListener("htmx:sse:close", () => tell("off", "Not live: connecting again"));
// The session has ended elsewhere: what the page shows is not his to see any more.
here.addEventListener("over", () => {
  location.replace(`/console/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`);
});

class Copy extends HTMLElement {
  connectedCallback() {
    this.querySelector("button")?.addEventListener("click", () => this.copy());
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.dataset.text);
    } catch {
      this.select(); // without the permission: the old way
      document.execCommand("copy");
    }
    toast("Copied");
  }

  select() {
    const range = document.createRange();
    range.selectNodeContents(this.querySelector("code"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }
}

// A piece of the page that is asked for again when its topic is told. While somebody points into
// it or has scrolled down, it waits behind a pill: no row moves under a pointer.
class Live extends HTMLElement {
  connectedCallback() {
    this.told = () => this.due();
    for (const topic of this.dataset.topic.split(" ")) here.addEventListener(topic, this.told);
    this.addEventListener("pointerleave", () => this.pill?.isConnected && !this.busy() && this.refresh());
  }

  disconnectedCallback() {
    for (const topic of this.dataset.topic.split(" ")) here.removeEventListener(topic, this.told);
  }

  busy() {
    if (here.dataset.paused) return true;
    if (this.dataset.wait !== "1") return false;
    return this.matches(":hover") || scrollY > 120 || this.querySelector("[aria-selected=true], :focus") !== null;
  }

  due() {
    if (this.busy()) this.hold();
    else this.refresh();
  }

  async hold() {
    if (!this.pill?.isConnected) {
      this.pill = document.createElement("button");
      this.pill.className = "pill";
      this.pill.type = "button";
      this.pill.hidden = Boolean(this.dataset.count);
      this.pill.textContent = "Something is new: show it";
      this.pill.addEventListener("click", () => {
        scrollTo({ top: 0 });
        this.refresh();
      });
      this.before(this.pill);
    }
    if (!this.dataset.count) return;
    const count = Number(await (await fetch(this.dataset.count)).text());
    this.pill.hidden = !count;
    this.pill.textContent = `${count} new`;
  }

  refresh() {
    this.pill?.remove();
    this.dispatchEvent(new CustomEvent("refresh"));
  }
}

// Control K: pages and what else has a link in the rail, by a few letters.
class Palette extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => this.open());
  }

  open() {
    this.dialog ??= this.make();
    this.dialog.showModal();
    this.input.value = "";
    this.filter();
  }

  make() {
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-label", "Commands");
    this.input = document.createElement("input");
    this.input.type = "search";
    this.input.placeholder = "Go to a page, or search messages";
    this.input.setAttribute("aria-label", "Command");
    this.list = document.createElement("ul");
    this.list.className = "list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Found");
    dialog.append(this.input, this.list);
    this.input.addEventListener("input", () => this.filter());
    dialog.addEventListener("keydown", (event) => this.key(event));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    this.append(dialog);
    return dialog;
  }

  choices() {
    const found = [...document.querySelectorAll(".rail a")].map((link) => [link.textContent.trim(), link.href]);
    const text = this.input.value.trim();
    const fitting = found.filter(([name]) => name.toLowerCase().includes(text.toLowerCase()));
    if (text) fitting.push([`Search messages for “${text}”`, `/console/messages?q=${encodeURIComponent(text)}`]);
    if (/^(SM|MM)[0-9a-f]{32}$/.test(text)) fitting.unshift([`Open ${text}`, `/console/messages/${text}`]);
    if (/^WA[0-9a-f]{32}$/.test(text)) fitting.unshift([`Open ${text}`, `/console/webhooks/${text}`]);
    return fitting.slice(0, 12);
  }

  filter() {
    this.list.replaceChildren(...this.choices().map(([name, href], at) => this.row(name, href, at === 0)));
  }

  row(name, href, chosen) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = href;
    link.textContent = name;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", String(chosen));
    item.setAttribute("role", "presentation");
    item.append(link);
    return item;
  }

  key(event) {
    const links = [...this.list.querySelectorAll("a")];
    const at = links.findIndex((link) => link.ariaSelected === "true");
    if (event.key === "Enter" && links[at]) {
      event.preventDefault();
      links[at].click();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !links.length) return;
    event.preventDefault();
    links[at]?.setAttribute("aria-selected", "false");
    links[(at + step + links.length) % links.length].setAttribute("aria-selected", "true");
  }
}

// A thread is shown at its end, and stays there; the field is empty once its text has gone, and not
// where it was refused.
function toTheEnd() {
  for (const thread of document.querySelectorAll(".thread")) {
    const last = thread.lastElementChild?.id;
    if (thread.dataset.last === last) continue;
    thread.dataset.last = last;
    thread.scrollTop = thread.scrollHeight;
  }
}
addEventListener("load", toTheEnd);
here.addEventListener("htmx:after:swap", toTheEnd);

class Composer extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    form.addEventListener("htmx:after:request", (event) => {
      if (event.detail.ctx.response.status >= 400) return;
      form.querySelector("textarea").value = "";
      form.querySelector("[type=file]").value = "";
      this.count();
    });
    form.addEventListener("change", () => this.count());
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && event.target.matches("textarea")) {
        event.preventDefault();
        form.requestSubmit(form.querySelector(".send"));
      }
    });
    form.addEventListener("paste", (event) => this.paste(event));
  }

  paste(event) {
    if (!event.clipboardData.files.length) return;
    this.querySelector("[type=file]").files = event.clipboardData.files;
    this.count();
  }

  count() {
    const files = this.querySelector("[type=file]").files.length;
    this.querySelector("label.button").classList.toggle("chip", files > 0);
    this.querySelector("label.button").title = files ? `${files} attached` : "Attach";
  }
}

// A picture that is pasted anywhere into the form is attached to it.
class Paste extends HTMLElement {
  connectedCallback() {
    this.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      const field = this.querySelector("[type=file]");
      field.files = event.clipboardData.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

// What a list offers is put behind what is there already: browsers know whole texts only.
class Complete extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    const offered = [...this.querySelectorAll("option")].map((option) => [option, option.value]);
    field.addEventListener("input", () => {
      const before = field.value.replace(/[^\s-]\S*$/, "");
      for (const [option, text] of offered) option.value = before + text;
    });
  }
}

customElements.define("x-complete", Complete);
customElements.define("x-paste", Paste);
customElements.define("x-composer", Composer);
customElements.define("x-copy", Copy);
customElements.define("x-live", Live);
customElements.define("x-palette", Palette);

// Times: relative in the page, whole for whoever asks.
function whole(time) {
  const at = new Date(time.dateTime);
  if (!time.title && !Number.isNaN(at.valueOf())) {
    time.title = `${at.toLocaleString()}\n${at.toISOString()}\n${Math.floor(at / 1000)}`;
  }
}
document.addEventListener("pointerover", (event) => event.target.matches?.("time") && whole(event.target));

document.addEventListener("change", (event) => {
  if (event.target.matches("select.submits")) event.target.form.requestSubmit();
});
document.querySelector(".theme")?.addEventListener("click", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("theme", next);
});
const railToggle = document.querySelector(".rail-toggle");
function rail(open) {
  document.getElementById("rail").classList.toggle("open", open);
  railToggle.setAttribute("aria-expanded", String(open));
}
railToggle?.addEventListener("click", () => rail(railToggle.ariaExpanded !== "true"));

// What lies over the page goes when somebody turns to the page.
const lying = () => document.querySelector(".menu[open]") || railToggle?.ariaExpanded === "true";
function fold(outside) {
  for (const menu of document.querySelectorAll(".menu[open]")) menu.open = !outside(menu);
  if (railToggle?.ariaExpanded === "true" && [railToggle, document.getElementById("rail")].every(outside)) rail(false);
}
document.addEventListener("click", (event) => fold((element) => !element.contains(event.target)));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !lying()) return;
  fold(() => true);
  event.preventDefault();
});

// What hurts is asked for twice; what is typed must be what is said.
document.addEventListener("submit", (event) => {
  const wanted = event.target.dataset.confirm;
  if (wanted && !confirm(wanted)) event.preventDefault();
}, true);

// Keys. Rows that lead somewhere say where in data-href, and what has a key of its own says which
// in data-key.
let going = -Infinity;
const own = () => [...document.querySelectorAll("#content [data-key]")];
const rows = () => [...document.querySelectorAll("tr[data-href]")];
function move(step) {
  const all = rows();
  const at = all.indexOf(document.activeElement);
  all[Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
}
const keys = {
  "/": () => document.getElementById("search")?.focus(),
  "?": () => help(),
  j: () => move(1),
  k: () => move(-1),
  " ": () => pause(),
  Escape: () => document.querySelector(".back a")?.click(),
};
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || within(event)) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.querySelector("x-palette")?.open();
    return;
  }
  const focused = document.activeElement;
  if (event.key === "Enter" && focused?.dataset?.href) location.assign(focused.dataset.href);
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off") return;
  if (focused?.matches("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape") focused.blur();
    return;
  }
  if (event.key === " " && focused?.matches("button, a, summary")) return;
  if (event.timeStamp - going < 1000) {
    going = -Infinity;
    document.querySelector(`.rail a[data-key="${CSS.escape(event.key)}"]`)?.click();
    return;
  }
  if (event.key === "g") going = event.timeStamp;
  const asked = own().find((one) => one.dataset.key === event.key);
  const run = keys[event.key] ?? (asked && !event.repeat && (() => asked.click()));
  if (run) {
    event.preventDefault();
    run();
  }
});
// Keys are the dialog's while there is one. By itself the browser closes it, and leaves its fields,
// a little later: the next key would be lost.
function within(event) {
  const dialog = document.querySelector("dialog[open]");
  if (dialog && event.key === "Escape") {
    event.preventDefault();
    dialog.close();
    if (dialog.contains(document.activeElement)) document.activeElement.blur();
  }
  return Boolean(dialog);
}
document.querySelector(".keys")?.addEventListener("click", () => help());
document.addEventListener("click", (event) => {
  const row = event.target.closest?.("tr[data-href]");
  if (row && !event.target.closest("a, button, input, label, summary, x-copy") && !getSelection().toString()) {
    location.assign(row.dataset.href);
  }
});

function pause() {
  if (here.dataset.paused) {
    delete here.dataset.paused;
    document.querySelectorAll("x-live").forEach((live) => live.refresh());
    tell("on", "Live");
  } else {
    here.dataset.paused = "yes";
    tell("off", "Paused: space goes on");
  }
}

function help() {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "Keys");
  const text = document.createElement("pre");
  const pages = [...document.querySelectorAll(".rail a[data-key]")].map((a) => `g ${a.dataset.key}      ${a.textContent.trim()}`);
  const mine = own().map((one) => `${one.dataset.key}        ${one.dataset.does ?? one.textContent.trim()}`);
  text.textContent = [...mine, "/        Search", "Ctrl K   Commands", "j  k     Next and last row", "Enter    Open the row",
    "Space    Stop and go on with live rows", "Esc      Out of a field, or back", "?        These keys", ...pages].join("\n");
  dialog.append(text, single());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target.closest("label") || dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}

// Whoever speaks to the machine, or whose hands slip, can turn single keys off (WCAG 2.1.4).
function single() {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = localStorage.getItem("keys") !== "off";
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  label.className = "row";
  label.append(box, " Keys work without Control");
  return label;
}
