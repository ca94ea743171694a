// The page: two phones, a clock, and one question to the server again and again.
import { Phone } from "./phone.js";
import { avatar, button, el, get, moment, post, redraw } from "./dom.js";

const $ = (id) => document.getElementById(id);

const desk = {
  title: "公众号",
  people: [],
  unread: {},
  boot: "",
  walking: false,
  from: 0,
  to: 0,
  timer: 0,

  /** soon asks the server now instead of at the next turn. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.turn(), 30);
  },

  async turn() {
    clearTimeout(this.timer);
    try {
      this.hear(await get(`/sim/page/poll?${this.question()}`));
      $("lost").hidden = true;
    } catch {
      $("lost").hidden = false;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.turn(), this.walking ? 250 : 1000);
  },

  question() {
    const q = new URLSearchParams();
    const ids = new Map(phones.filter((p) => p.openid).map((p) => [p.openid, p.after]));
    for (const p of phones) if (ids.has(p.openid)) ids.set(p.openid, Math.min(ids.get(p.openid), p.after));
    for (const [id, after] of ids) { q.append("openid", id); q.append("after", after); }
    return q;
  },

  hear(news) {
    // Another run of the server counts from the beginning again.
    if (this.boot && this.boot !== news.boot) return location.reload();
    this.boot = news.boot;
    this.title = news.title || this.title;
    document.title = this.title;
    this.tick(news);
    for (const phone of phones) {
      if (phone.openid) phone.take(news.chats[phone.openid] ?? []);
      if (phone.openid) phone.setMenu(news.menus[phone.openid] ?? []);
    }
    this.mark(news.unread);
    for (const phone of phones) phone.draw();
  },

  /** mark remembers who has unread news; an open chat on a shown phone has none. */
  mark(unread) {
    for (const phone of phones) {
      if (!unread[phone.openid] || phone.root.offsetParent === null || !phone.sheet.hidden) continue;
      delete unread[phone.openid];
      post("/sim/page/seen", { openid: phone.openid }).catch(() => {});
    }
    this.unread = unread;
    drawTabs();
    drawWaiting();
  },

  async refresh() {
    try { this.people = await get("/sim/people"); } catch { /* the poll tells that the server is lost */ }
    drawTabs();
    drawWaiting();
    if (!this.walking) drawStops();
  },

  /** changed keeps who is who in the address, so that a reload finds them again. */
  changed() {
    history.replaceState(null, "", `#${phones.map((p) => encodeURIComponent(p.openid)).join(",")}`);
    drawTabs();
  },

  tick(news) {
    const now = moment(news.now);
    $("day").textContent = `${now.year}年${now.month}月${now.day}日`;
    $("week").textContent = now.week;
    $("time").textContent = now.time;
    if (this.walking !== news.walking && !this.to) this.walked(news.walking);
    if (this.to) $("progress").value = 100 * (now.at - this.from) / Math.max(1, this.to - this.from);
    this.now = now.at;
  },

  /** walked shows that the clock is being moved, by us or by somebody else. */
  walked(on) {
    this.walking = on;
    $("walk").hidden = !on;
    if (!this.to) { $("toward").textContent = "时间正在前进"; $("progress").removeAttribute("value"); }
    if (on) ableStops(false);
    else drawStops(); // until then the buttons lead to where the clock was
  },

  async walk(stop) {
    const at = moment(stop.at);
    this.from = this.now;
    this.to = at.at;
    $("trouble").hidden = true;
    $("toward").textContent = `正在走到${at.month}月${at.day}日 ${at.time}`;
    this.walked(true);
    this.soon();
    try {
      await post("/sim/clock", { now: stop.at });
    } catch (err) {
      const why = { 400: "一次走得太远了，请分几次走。", 409: "时间不能往回拨。" };
      $("trouble").textContent = why[err.status] ?? "时间没有拨动，请再试一次。";
      $("trouble").hidden = false;
    }
    this.to = 0;
    this.walked(false);
    await this.refresh();
    this.soon();
  },
};

async function drawStops() {
  let stops = [];
  try { stops = await get("/sim/page/stops"); } catch { return ableStops(!desk.walking); }
  if (desk.walking) return;
  stops = stops.filter((stop) => moment(stop.at).at > desk.now);
  redraw($("stops"), stops, () => stops.map((stop) => {
    const at = moment(stop.at);
    const b = button("", () => desk.walk(stop), { class: "stop", title: stop.hint });
    b.append(el("b", {}, stop.label), el("span", {}, `${at.month}月${at.day}日 ${at.time}`));
    if (stop.hint) b.append(el("small", {}, stop.hint));
    return b;
  }));
  ableStops(true);
}

function ableStops(on) {
  for (const b of $("stops").querySelectorAll("button")) b.disabled = !on;
}

let shownPhone = 0;

/** drawTabs is the switch between the phones where only one fits. */
function drawTabs() {
  const tabs = phones.map((phone, i) => ({
    words: `手机${i ? "二" : "一"} · ${phone.person?.name ?? "选人"}`,
    news: Boolean(phone.openid && desk.unread[phone.openid]),
    shown: i === shownPhone,
  }));
  redraw($("tabs"), tabs, () => tabs.map((tab, i) => {
    const b = button(tab.words, () => { shownPhone = i; drawTabs(); desk.soon(); }, { "aria-pressed": String(tab.shown) });
    if (tab.news) b.append(el("span", { class: "dot", title: "有新消息" }));
    return b;
  }));
  phones.forEach((phone, i) => phone.root.classList.toggle("away", i !== shownPhone));
}

/** drawWaiting names who received something. They open on the second phone. */
function drawWaiting() {
  const people = desk.people.filter((p) => desk.unread[p.openid]).slice(0, 12)
    .map((p) => ({ openid: p.openid, name: p.name, count: desk.unread[p.openid] }));
  redraw($("waiting"), people, () => {
    if (!people.length) return [el("p", { class: "hint" }, "没有新消息。拨一拨时间，到期的通知会自己发出来。")];
    return people.map((p) => {
      const b = button("", () => phones[1].be(p.openid), { class: "choice", "aria-label": `在手机二看${p.name}的新消息` });
      b.append(avatar(p.name), el("b", {}, p.name), el("span", { class: "count" }, String(p.count)));
      return b;
    });
  });
}

const phones = [];
phones.push(new Phone(1, desk), new Phone(2, desk));
$("phones").append(...phones.map((p) => p.root));
document.addEventListener("click", (e) => {
  for (const phone of phones) if (!phone.bar.contains(e.target)) phone.closeMenus();
});

await desk.refresh();
let before = [];
try { before = location.hash.slice(1).split(",").map(decodeURIComponent); } catch { /* an address nobody wrote */ }
phones.forEach((phone, i) => { if (desk.people.some((p) => p.openid === before[i])) phone.be(before[i]); });
await desk.turn();
drawStops();
setInterval(() => {
  if (desk.walking) return;
  desk.refresh();
}, 20000);
