// Behaviours hung on data attributes. Every page works without them.

// Times and days are told by the reader's clock from the next page on.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
document.cookie = `time_zone=${zone}; path=/; max-age=31536000; samesite=lax`;

// data-copy: a button that copies its value and says so for a moment.
const copy = async (button) => {
  const word = button.querySelector(".copy-word");
  await navigator.clipboard.writeText(button.dataset.copy);
  const before = button.dataset.before ?? word.textContent;
  button.dataset.before = before;
  word.textContent = button.dataset.copied;
  window.setTimeout(() => {
    word.textContent = before;
  }, 2000);
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    copy(button);
  }
  // data-menu: an open menu closes when something else is clicked.
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// data-when: a part of a form that belongs to certain choices is shown with these.
const showWhatIsChosen = () => {
  for (const part of document.querySelectorAll("[data-when]")) {
    const fields = part.closest("form").elements;
    const wanted = Object.entries(JSON.parse(part.dataset.when));
    part.hidden = !wanted.every(([name, values]) => values.includes(fields[name].value));
  }
};

document.addEventListener("change", showWhatIsChosen);
window.addEventListener("pageshow", showWhatIsChosen);

// data-countdown: so many seconds until a moment, told beside it to those who see the page. When they
// are over, the part of the page that waits for them is told that it is due.
const lasting = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short" });
window.setInterval(() => {
  for (const time of document.querySelectorAll("[data-countdown]")) {
    time.due ??= performance.now() + 1000 * time.dataset.countdown;
    const left = Math.round((time.due - performance.now()) / 1000);
    const told = time.querySelector(".countdown") ?? document.createElement("span");
    told.className = "countdown";
    told.ariaHidden = "true";
    const [number, unit] = left > 90 ? [left / 60, "minute"] : [Math.max(left, 0), "second"];
    told.textContent = ` (${lasting.format(Math.round(number), unit)})`;
    time.append(told);
    if (left <= 0) {
      delete time.dataset.countdown;
      time.dispatchEvent(new Event("due", { bubbles: true }));
    }
  }
}, 1000);
// data-tick-all: ticks every row of its table, or none.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) {
    for (const box of event.target.closest("table").querySelectorAll("[name=chosen]")) {
      box.checked = event.target.checked;
    }
  }
});

// data-key: keys that click, or go to, what has them; on body, data-shortcuts says that they are on.
// j and k go through the rows of lists, x ticks one.
let pressed = "";
const goTo = (step) => {
  const rows = [...document.querySelectorAll("main :is(.list tbody tr, .rows > li)")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  row?.querySelector("a")?.focus();
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const isTyping = target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox])");
  const isOn = "shortcuts" in document.body.dataset && !isTyping;
  if (!isOn || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || key.length > 1) {
    return;
  }
  const keys = pressed === "g" ? `g ${key}` : key;
  pressed = key;
  const found = document.querySelector(`[data-key="${CSS.escape(keys)}"]`);
  if (found) {
    event.preventDefault();
    found.matches("input") ? found.select() : found.click();
  } else if (key === "j" || key === "k") {
    goTo(key === "j" ? 1 : -1);
  } else if (key === "x") {
    target.closest("tr")?.querySelector("[name=chosen]")?.click();
  }
});
