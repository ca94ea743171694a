// Small helpers. Everything that is shown goes in as text: what people and the
// account say is never read as HTML.

/** el makes an element; children are elements or words. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") node.addEventListener("click", value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((c) => c != null));
  return node;
}

/** button makes a button that does something. */
export function button(words, onclick, attributes = {}) {
  return el("button", { type: "button", onclick, ...attributes }, words);
}

/**
 * redraw replaces what is in a node if it shows something else than before. A
 * button that is replaced under a finger does not hear the tap.
 */
export function redraw(node, what, draw) {
  const key = JSON.stringify(what);
  if (node.dataset.shows === key) return;
  node.dataset.shows = key;
  node.replaceChildren(...draw().filter((c) => c != null));
}

/** get asks the server. */
export async function get(path) {
  const res = await fetch(path, { headers: { Accept: "application/json" } });
  if (!res.ok) throw new Error(`${path}: ${res.status}`);
  return res.json();
}

/** post tells the server. It throws an error with the answer's status. */
export async function post(path, body) {
  const res = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!res.ok) throw Object.assign(new Error(`${path}: ${res.status}`), { status: res.status });
  return res.json();
}

const weekdays = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];

/**
 * moment reads a time such as 2026-03-30T09:00:00+08:00. Times are shown as
 * the server writes them, in China's time, wherever the browser stands.
 */
export function moment(text) {
  const [year, month, day] = text.slice(0, 10).split("-").map(Number);
  const week = weekdays[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  return { date: text.slice(0, 10), year, month, day, week, time: text.slice(11, 16), at: Date.parse(text) };
}

/** avatar is the first character of a name on a coloured square. */
export function avatar(name, kind = "") {
  const first = [...(name || "？")][0];
  const tone = kind || `tone${first.codePointAt(0) % 6}`;
  return el("span", { class: `avatar ${tone}`, "aria-hidden": "true" }, first);
}

const roleNames = {
  villager: "村民", cadre: "村干部", secretary: "书记", head: "两委正职", supervisor: "村监委",
  town_staff: "镇工作人员", town_leader: "镇党委", assessor: "考核组", department: "县直部门",
  org: "县委组织部", auditor: "审计", admin: "管理员",
};

/** roleWords are what a person is, in Chinese, bound or not. */
export function roleWords(person) {
  const words = person.roles.map((r) => roleNames[r] ?? r);
  return person.bound ? words : [...words, "未绑定"];
}

/** badges are the same as little labels. */
export function badges(person) {
  const list = roleWords(person).map((w) => el("span", { class: w === "未绑定" ? "badge unbound" : "badge" }, w));
  return el("span", { class: "badges" }, ...list);
}
