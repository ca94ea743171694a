// What a phone sends besides words: photos and places.
import { button, el, get } from "./dom.js";

const largest = 10 * 1024 * 1024;

/** isPhoto, isPlace and isScan name the menu's buttons that ask for one. */
export const isPhoto = (type) => ["pic_sysphoto", "pic_photo_or_album", "pic_weixin"].includes(type);
export const isPlace = (type) => type === "location_select";
export const isScan = (type) => type === "scancode_waitmsg" || type === "scancode_push";

/** picture shows a photo. A tap opens it alone. */
export function picture(entry, loaded) {
  const words = entry.pieces?.[0]?.text ?? "图片";
  const src = `/sim/page/media/${encodeURIComponent(entry.image)}`;
  const img = el("img", { src, alt: words });
  img.addEventListener("load", loaded);
  img.addEventListener("error", () => img.replaceWith(el("span", { class: "gone" }, `${words}已经过期`)));
  return el("a", { class: "picture", href: src, target: "_blank", rel: "noopener noreferrer" }, img);
}

/** place shows a point as a card with a little map. */
export function place(entry) {
  return el("div", { class: "place" },
    el("h3", {}, entry.title), el("p", {}, entry.pieces?.[0]?.text ?? ""),
    el("div", { class: "map", "aria-hidden": "true" }, el("span", { class: "pin" })));
}

/** Sender is the ＋ of a phone and what it opens. */
export class Sender {
  constructor(phone) {
    this.phone = phone;
    this.asked = null; // the menu's button that asked for it
    this.file = el("input", { type: "file", accept: "image/jpeg,image/png,image/gif", hidden: true, "aria-label": "选照片" });
    this.file.addEventListener("change", () => this.picked());
    this.plus = button("＋", () => this.toggle(), { class: "plus", "aria-label": "发照片或位置", "aria-expanded": "false" });
    this.bell = this.choice("bell", "通知", () => this.notices());
    this.bell.hidden = true;
    this.panel = el("div", { class: "more-panel", hidden: true, role: "group", "aria-label": "发照片或位置" },
      this.choice("photo", "照片", () => this.photo()), this.choice("spot", "位置", () => this.where()), this.bell);
    // Most accounts send notices to nobody.
    get("/sim/page/notices").then((list) => { this.list = list; this.bell.hidden = !list.length; }, () => {});
  }

  choice(icon, words, act) {
    const b = button("", () => { this.close(); act(); }, { class: "send-kind" });
    b.append(el("span", { class: `icon ${icon}`, "aria-hidden": "true" }), el("span", {}, words));
    return b;
  }

  toggle() {
    this.panel.hidden = !this.panel.hidden;
    this.plus.setAttribute("aria-expanded", String(!this.panel.hidden));
  }

  close() {
    this.panel.hidden = true;
    this.plus.setAttribute("aria-expanded", "false");
  }

  /** photo lets the person choose one; asked is the button that wants it. */
  photo(asked = null) {
    this.asked = asked;
    this.file.value = "";
    if (asked?.type === "pic_sysphoto") this.file.setAttribute("capture", "environment");
    else this.file.removeAttribute("capture");
    this.file.click();
  }

  picked() {
    const photo = this.file.files[0];
    if (!photo) return null;
    if (photo.size > largest) return this.phone.note("照片太大，最多10兆。请换一张小一点的。");
    const q = new URLSearchParams({ openid: this.phone.openid });
    if (this.asked) { q.set("type", this.asked.type); q.set("key", this.asked.key); }
    const why = { 413: "照片太大，最多10兆。请换一张小一点的。", 415: "这不是照片。请选JPG或PNG图片。" };
    return this.phone.during("正在发送照片……", why, async () => {
      const res = await fetch(`/sim/page/photo?${q}`, { method: "POST", body: photo });
      if (!res.ok) throw Object.assign(new Error(`photo: ${res.status}`), { status: res.status });
    });
  }

  /** where lets the person choose a place; asked is the button that wants it. */
  async where(asked = null) {
    const { phone } = this;
    let places = [];
    try { places = await get("/sim/page/places"); } catch { /* shown as none */ }
    const list = places.map((p) => {
      const b = button("", () => {
        phone.sheet.hidden = true;
        phone.act("place", { place: p, ...(asked ? { type: asked.type, key: asked.key } : {}) });
      }, { class: "choice" });
      b.append(el("span", { class: "icon spot", "aria-hidden": "true" }), el("span", { class: "two" }, el("b", {}, p.name), el("small", {}, p.label)));
      return b;
    });
    const empty = el("p", { class: "hint" }, "没有可以选的位置。");
    phone.open("您在哪里？", el("p", { class: "hint" }, "点一个地方，就把这个位置发出去。"), el("div", { class: "list" }, ...(list.length ? list : [empty])));
  }

  /** notices asks which of them the person wants, as a page of the account would. */
  notices() {
    const { phone } = this;
    const rows = this.list.map((n) => {
      const say = (accept) => () => {
        phone.sheet.hidden = true;
        phone.act("choose", { choices: [{ template_id: n.template_id, accept }] });
      };
      const words = el("span", { class: "two" }, el("b", {}, n.title), el("small", {}, n.lasting ? "以后都发" : "同意一次，发一条"));
      return el("div", { class: "notice" }, words,
        button("接收", say(true), { class: "primary", "aria-label": `接收${n.title}` }),
        button("不接收", say(false), { class: "plain", "aria-label": `不接收${n.title}` }));
    });
    phone.open("想收到哪些通知？", el("p", { class: "hint" }, "点“接收”，才会发给您。"), el("div", { class: "list" }, ...rows));
  }
}
