// One phone: a chat with the account, its menu, and the choice of who it is.
import { avatar, badges, button, el, get, moment, post, redraw, roleWords } from "./dom.js";
import { Sender, isPhoto, isPlace, isScan, picture, place } from "./send.js";

const apart = 5 * 60 * 1000; // a time is shown where talk paused this long

export class Phone {
  /** desk knows the people, the account's name and what is unread. */
  constructor(number, desk) {
    this.desk = desk;
    this.number = number;
    this.openid = "";
    this.after = 0;
    this.lastAt = 0;
    this.busy = 0;
    this.menu = "";
    this.title = el("h2", { class: "title" });
    this.who = button("", () => this.choose(), { class: "who", "aria-label": "换一个人" });
    this.scanner = button("扫一扫", () => this.scan(), { class: "plain" });
    this.chat = el("div", { class: "chat", role: "log", "aria-live": "polite", "aria-label": "聊天", tabindex: "0" });
    this.newcomer = el("div", { class: "newcomer", hidden: true });
    this.bar = el("div", { class: "bar" });
    this.sheet = el("div", { class: "sheet", hidden: true });
    this.input = el("input", {
      type: "text", maxlength: "600", placeholder: "说点什么", "aria-label": "说点什么", enterkeyhint: "send", autocomplete: "off",
    });
    this.sender = new Sender(this);
    this.form = el("form", { class: "keys" }, this.input, el("button", { type: "submit", class: "send" }, "发送"), this.sender.plus);
    this.form.addEventListener("submit", (e) => this.submit(e));
    this.root = el("section", { class: "phone", id: `phone${number}`, "aria-label": `手机${number === 1 ? "一" : "二"}` },
      el("header", {}, this.who, this.title, this.scanner),
      this.chat, this.newcomer, this.bar, this.sender.panel, this.sender.file, this.sheet);
    this.typing = false;
    this.stayLow();
    this.drawBar();
    this.choose();
  }

  /** stayLow keeps the newest words in sight when the chat becomes smaller. */
  stayLow() {
    this.low = true;
    // A scroll that is told of after the chat has changed its height says nothing
    // about what the person wants to see.
    let height = 0;
    this.chat.addEventListener("scroll", () => {
      if (this.chat.clientHeight !== height) return;
      this.low = this.chat.scrollHeight - this.chat.scrollTop - height < 60;
    });
    new ResizeObserver(() => {
      height = this.chat.clientHeight;
      if (this.low) this.chat.scrollTop = this.chat.scrollHeight;
    }).observe(this.chat);
  }

  get person() { return this.desk.people.find((p) => p.openid === this.openid); }

  /** be makes this the phone of somebody. */
  async be(openid) {
    this.openid = openid;
    this.after = this.lastAt = 0;
    this.menu = "";
    this.chat.replaceChildren(el("p", { class: "empty" }, "还没有消息。点下面的菜单，或者打字说一句话。"));
    this.sheet.hidden = true;
    this.typing = false;
    this.sender.close();
    this.desk.changed(this);
    this.drawBar();
    this.draw();
    try { await post("/sim/page/play", { openid }); } catch { this.note("这个人不在了，请换一个人。"); }
    this.desk.soon();
  }

  /** draw shows what is not the chat itself. */
  draw() {
    const person = this.person;
    this.title.textContent = this.busy ? "对方正在输入……" : this.desk.title;
    const others = Object.keys(this.desk.unread).some((id) => id !== this.openid);
    redraw(this.who, [person?.name, others], () => [
      avatar(person?.name), el("span", {}, person?.name ?? "选人"),
      others ? el("span", { class: "dot", title: "别人有新消息" }) : null,
    ]);
    this.scanner.disabled = !person;
    this.drawChoices();
    const code = person && !person.bound && person.code ? `绑定 ${person.code} ${person.phone4}` : "";
    this.newcomer.hidden = !code;
    redraw(this.newcomer, code, () => [el("span", {}, "第一次用？点这里发送："),
      button(code, () => this.act("say", { text: code }), { class: "primary" })]);
  }

  /** take adds what is new in the chat. */
  take(entries) {
    const fresh = entries.filter((e) => e.id > this.after);
    if (!fresh.length) return;
    this.chat.querySelector(".empty")?.remove();
    const low = this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < 120;
    for (const entry of fresh) {
      // What was on its way has arrived.
      if (entry.from === "me") this.chat.querySelector(".waits")?.remove();
      this.show(entry);
    }
    this.after = fresh.at(-1).id;
    if (low || fresh.some((e) => e.from === "me")) this.chat.scrollTop = this.chat.scrollHeight;
  }

  show(entry) {
    const at = moment(entry.at);
    if (at.at - this.lastAt > apart) {
      this.chat.append(el("p", { class: "when" }, `${at.month}月${at.day}日 ${at.week} ${at.time}`));
    }
    this.lastAt = at.at;
    if (entry.type === "note") return this.note(entry.pieces.map((p) => p.text).join(""));
    const mine = entry.from === "me";
    const body = this.body(entry, mine);
    const face = mine ? avatar(this.person?.name) : avatar(this.desk.title, "official");
    this.chat.append(el("div", { class: mine ? "line mine" : "line" }, face, body));
  }

  body(entry, mine) {
    switch (entry.type) {
      case "card": return this.card(entry);
      case "place": return place(entry);
      // A picture has its height only when it has come.
      case "image": return picture(entry, () => { if (this.low) this.chat.scrollTop = this.chat.scrollHeight; });
      default: return el("div", { class: "bubble" }, ...this.words(entry, mine));
    }
  }

  /** waits shows words that are on their way: they may have to wait for the clock. */
  waits(text) {
    const line = el("div", { class: "line mine waits" }, avatar(this.person?.name), el("div", { class: "bubble" }, text));
    this.chat.querySelector(".empty")?.remove();
    this.chat.append(line);
    this.chat.scrollTop = this.chat.scrollHeight;
    return line;
  }

  note(words) {
    this.chat.append(el("p", { class: "note" }, words));
    this.chat.scrollTop = this.chat.scrollHeight;
  }

  words(entry, mine) {
    return (entry.pieces ?? []).map((piece) => {
      if (mine) return piece.text;
      if (piece.say) {
        return el("a", { href: "#", role: "button", class: "link", onclick: (e) => {
          e.preventDefault();
          this.act("tap", { text: piece.say, id: piece.id ?? "", menu: piece.menu ?? false });
        } }, piece.text);
      }
      if (piece.url) return el("a", { href: piece.url, target: "_blank", rel: "noopener noreferrer" }, piece.text);
      return piece.text;
    });
  }

  card(entry) {
    const rows = (entry.rows ?? []).flatMap((r) => [el("dt", {}, r.label), el("dd", {}, r.value)]);
    const body = [el("h3", {}, entry.title), rows.length ? el("dl", {}, ...rows) : el("p", {}, ...this.words(entry, false))];
    if (!entry.url) return el("div", { class: "card" }, ...body);
    return el("a", { class: "card", href: entry.url, target: "_blank", rel: "noopener noreferrer" },
      ...body, el("span", { class: "more" }, "查看详情"));
  }

  /** setMenu shows the published menu, if it is another than before. */
  setMenu(menu) {
    const text = JSON.stringify(menu);
    if (text === this.menu) return;
    this.menu = text;
    this.buttons = menu;
    this.drawBar();
  }

  drawBar() {
    const menu = this.buttons ?? [];
    this.bar.hidden = !this.openid;
    if (this.typing || !menu.length) {
      // A menu that comes while somebody types takes nothing out of his hand.
      if (this.form.parentNode === this.bar && (this.bar.children.length > 1) === menu.length > 0) return;
      const back = menu.length ? button("菜单", () => this.toggle(), { class: "plain" }) : null;
      this.bar.replaceChildren(...[back, this.form].filter(Boolean));
      return;
    }
    this.bar.replaceChildren(button("键盘", () => this.toggle(), { class: "plain" }), ...menu.map((b) => this.top(b)));
  }

  toggle() {
    this.typing = !this.typing;
    this.sender.close();
    this.drawBar();
    if (this.typing) this.input.focus();
  }

  top(b) {
    if (!b.sub_button?.length) return button(b.name, () => this.press(b), { class: "top" });
    const list = el("div", { class: "sub", hidden: true }, ...b.sub_button.map((s) => button(s.name, () => this.press(s))));
    const opener = button(b.name, () => {
      const open = list.hidden;
      this.closeMenus();
      list.hidden = !open;
      opener.setAttribute("aria-expanded", String(open));
    }, { class: "top has", "aria-expanded": "false" });
    return el("div", { class: "slot" }, opener, list);
  }

  closeMenus() {
    for (const list of this.bar.querySelectorAll(".sub")) list.hidden = true;
    for (const opener of this.bar.querySelectorAll(".has")) opener.setAttribute("aria-expanded", "false");
  }

  press(b) {
    this.closeMenus();
    if (b.type === "click") return this.act("click", { key: b.key });
    if (b.type === "view") {
      this.act("view", { url: b.url });
      return window.open(b.url, "_blank", "noopener,noreferrer");
    }
    if (isScan(b.type)) return this.scan(b);
    if (isPhoto(b.type)) return this.sender.photo(b);
    if (isPlace(b.type)) return this.sender.where(b);
    return this.note("这个按钮要在真的手机上才能用。");
  }

  submit(e) {
    e.preventDefault();
    const text = this.input.value;
    if (!text.trim()) return;
    this.input.value = "";
    this.act("say", { text });
  }

  /** act does something on this phone and shows what comes of it. */
  act(what, body) {
    const { openid } = this;
    return this.during(body.text ?? "", {}, () => post(`/sim/page/${what}`, { openid, ...body }));
  }

  /**
   * during shows words while something is on its way, and what comes of it; why
   * are the words for an answer's status.
   */
  async during(words, why, send) {
    const { openid } = this;
    this.busy++;
    this.draw();
    const mine = words ? this.waits(words) : null;
    try {
      const done = send();
      this.desk.soon();
      await done;
    } catch (err) {
      if (openid === this.openid) this.note(why[err.status] ?? "没有发出去，请再试一次。");
    }
    mine?.remove();
    this.busy--;
    this.desk.soon(); // the reply is there now
    await this.desk.refresh();
    this.draw();
  }

  open(title, ...content) {
    this.choosing = null;
    const close = button("关闭", () => { this.sheet.hidden = true; }, { class: "plain" });
    close.hidden = !this.openid;
    this.sheet.replaceChildren(el("div", { class: "sheethead" }, el("h2", {}, title), close), ...content);
    this.sheet.hidden = false;
  }

  /** choose shows everybody, village by village. */
  choose() {
    const find = el("input", { type: "search", class: "find", placeholder: "找人：姓名、村或职务", "aria-label": "找人" });
    const list = el("div", { class: "list" });
    this.open("您想做谁？", find, list);
    this.choosing = { find, list };
    find.addEventListener("input", () => this.drawChoices());
    this.drawChoices();
    this.desk.refresh().then(() => this.drawChoices());
  }

  drawChoices() {
    if (!this.choosing || this.sheet.hidden) return;
    const { find, list } = this.choosing;
    const { people, unread } = this.desk;
    const wanted = people.filter((p) => [p.name, p.village || "县、镇", ...roleWords(p)].join(" ").includes(find.value.trim()));
    find.hidden = people.length <= 12;
    redraw(list, [wanted, unread], () => {
      if (!wanted.length) return [el("p", { class: "hint" }, people.length ? "没有找到。" : "名单里还没有人。")];
      const villages = [...new Set(wanted.map((p) => p.village))];
      return villages.map((village) => el("div", { class: "group" }, el("h3", {}, village || "县、镇"),
        ...wanted.filter((p) => p.village === village).map((p) => this.choice(p))));
    });
  }

  choice(person) {
    const count = this.desk.unread[person.openid];
    const news = count ? el("span", { class: "count", "aria-label": `${count}条新消息` }, String(count)) : null;
    const choice = button("", () => this.be(person.openid), { class: "choice", "data-openid": person.openid });
    choice.append(...[avatar(person.name), el("b", {}, person.name), badges(person), news].filter(Boolean));
    return choice;
  }

  /** scan shows the codes that this person could find; asked is the button that wants one. */
  async scan(asked = null) {
    let scenes = [];
    try { scenes = await get(`/sim/page/scenes?openid=${encodeURIComponent(this.openid)}`); } catch { /* shown as none */ }
    const list = scenes.map((s) => button(s.label, () => {
      this.sheet.hidden = true;
      this.act("scan", { scene: s.scene, ...(asked ? { type: asked.type, key: asked.key } : {}) });
    }, { class: "choice" }));
    const empty = el("p", { class: "hint" }, "眼前没有二维码。");
    this.open("扫一扫", el("p", { class: "hint" }, "对着哪个二维码扫？"), el("div", { class: "list" }, ...(list.length ? list : [empty])));
  }
}
