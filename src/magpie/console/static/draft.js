// What is half written in a form survives a reload, in this tab alone. It is kept for whoever wrote
// it (data-of) and at the address where he did: what a link fills in is not written over.

const FIELDS = "input:not([type=hidden], [type=file], [type=password]), textarea, select";

class Draft extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.restore();
    this.addEventListener("input", () => this.keep());
    this.addEventListener("change", () => this.keep());
    // What is refused comes back as it was written, from the server.
    this.addEventListener("submit", () => this.drop());
  }

  get key() {
    return `draft ${this.dataset.of} ${location.pathname}${location.search}`;
  }

  fields() {
    return [...this.form.querySelectorAll(FIELDS)].filter((field) => field.name);
  }

  keep() {
    const written = this.fields().map((field) => [field.name, field.value]);
    sessionStorage.setItem(this.key, JSON.stringify(Object.fromEntries(written)));
  }

  drop() {
    sessionStorage.removeItem(this.key);
  }

  restore() {
    const written = JSON.parse(sessionStorage.getItem(this.key) ?? "{}");
    const changed = this.fields().filter((field) => (written[field.name] ?? field.value) !== field.value);
    for (const field of changed) this.fill(field, written[field.name]);
    if (changed.length) this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  fill(field, value) {
    if (field.options && ![...field.options].some((option) => option.value === value)) return;
    field.value = value;
    const folded = field.closest("details");
    if (folded) folded.open = true;
  }
}

customElements.define("x-draft", Draft);
