'use strict';

// The platform's side of the callback, made of the two crypto packages.
//
//   start  {url, appid, token, aesKey}              once, first
//   check  {by, at, echostr, token?}                the question of the console
//   post   {by, at, message, forge?}                one try of one message
//
// by names the package that seals and signs; the reply is opened and its
// signature checked with both. A message is an object in the order of its
// fields: numbers stay bare, words go into CDATA, objects nest, and a list
// repeats its element.

const crypto = require('node:crypto');
const http = require('node:http');
const wecom = require('@wecom/crypto');
const Old = require('wechat-crypto');
const answer = require('./lines');

let account;

const packages = {
  wecom: {
    seal: (text, id) => wecom.encrypt(account.aesKey, text, id, crypto.randomBytes(16)),
    open: (sealed) => wecom.decrypt(account.aesKey, sealed),
    sign: (token, ts, nonce, sealed) => wecom.getSignature(token, ts, nonce, sealed),
  },
  old: {
    seal: (text, id) => new Old(account.token, account.aesKey, id).encrypt(text),
    open: (sealed) => new Old(account.token, account.aesKey, account.appid).decrypt(sealed),
    sign: (token, ts, nonce, sealed) => new Old(token, account.aesKey, account.appid).getSignature(ts, nonce, sealed),
  },
};

// The packages sign four strings; of the three of the plain signature the
// fourth is empty and sorts first.
const plainSign = (by, ts, nonce, token) => packages[by].sign(token || account.token, ts, nonce, '');

function element(name, value) {
  if (Array.isArray(value)) return value.map((v) => element(name, v)).join('');
  return `<${name}>${content(value)}</${name}>`;
}

function content(value) {
  if (typeof value === 'number') return String(value);
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).map(([k, v]) => element(k, v)).join('');
  }
  return '<![CDATA[' + String(value).split(']]>').join(']]]]><![CDATA[>') + ']]>';
}

// raw tells apart what the answer says: words as they are, or a sealed reply.
function readReply(body) {
  const field = (name, text) => {
    const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|([^<]*))</${name}>`).exec(text);
    return found ? found[1] === undefined ? found[2] : found[1] : '';
  };
  const sealed = field('Encrypt', body);
  if (sealed === '') return { words: body };
  const [ts, nonce, signature] = ['TimeStamp', 'Nonce', 'MsgSignature'].map((name) => field(name, body));
  const opened = Object.entries(packages).map(([name, p]) => {
    const { message, id } = p.open(sealed);
    if (id !== account.appid) throw new Error(`${name}: the reply is of ${id}`);
    if (p.sign(account.token, ts, nonce, sealed) !== signature) throw new Error(`${name}: the reply's signature is wrong`);
    return message;
  });
  if (opened[0] !== opened[1]) throw new Error('the packages read different replies');
  const reply = {};
  for (const name of ['ToUserName', 'FromUserName', 'MsgType', 'Content', 'CreateTime']) reply[name] = field(name, opened[0]);
  return { reply, timestamp: ts };
}

function send(method, query, body) {
  return new Promise((resolve, reject) => {
    const url = new URL(account.url);
    url.search = new URLSearchParams(query).toString();
    const headers = { 'Content-Type': 'text/xml', 'Content-Length': Buffer.byteLength(body || '') };
    const req = http.request(url, { method, headers }, (res) => {
      const parts = [];
      res.on('data', (d) => parts.push(d));
      res.on('end', () => resolve({ status: res.statusCode, body: Buffer.concat(parts).toString() }));
      res.on('error', reject);
    });
    req.on('error', reject);
    req.end(body);
  });
}

const flip = (s, at) => s.slice(0, at) + (s[at] === 'A' ? 'B' : 'A') + s.slice(at + 1);

// forgeries change one delivery into one that the platform never sends. Each
// keeps everything else right.
const forgeries = {
  'no encrypt_type': (d) => { delete d.query.encrypt_type; delete d.query.msg_signature; d.body = d.xml; },
  'no encrypt_type, sealed': (d) => { delete d.query.encrypt_type; },
  'encrypt_type raw': (d) => { d.query.encrypt_type = 'raw'; d.body = d.xml; },
  'encrypt_type raw, sealed': (d) => { d.query.encrypt_type = 'raw'; },
  'plain fields only, said to be aes': (d) => { d.body = d.xml; },
  'another appid': (d) => { d.resealed(account.appid.replace(/.$/, (c) => (c === '0' ? '1' : '0'))); },
  'no appid': (d) => { d.resealed(''); },
  'another key': (d) => {
    const sealed = wecom.encrypt('Q'.repeat(43), d.xml, account.appid, crypto.randomBytes(16));
    d.sealed(sealed);
  },
  'another token': (d) => { d.query.msg_signature = packages[d.by].sign('another1', d.query.timestamp, d.query.nonce, d.encrypt); },
  'no msg_signature': (d) => { delete d.query.msg_signature; },
  'msg_signature cut': (d) => { d.query.msg_signature = d.query.msg_signature.slice(0, 39); },
  'msg_signature in capitals': (d) => { d.query.msg_signature = d.query.msg_signature.toUpperCase(); },
  'plain signature for the sealed': (d) => { d.query.msg_signature = d.query.signature; },
  'another nonce': (d) => { d.query.nonce += '1'; },
  'another timestamp': (d) => { d.query.timestamp = String(Number(d.query.timestamp) + 1); },
  'no timestamp': (d) => { delete d.query.timestamp; },
  'timestamp of words': (d) => { d.query.timestamp = 'now'; d.sealed(d.encrypt); },
  'ciphertext changed': (d) => { d.body = d.envelope(flip(d.encrypt, 30)); },
  'ciphertext cut, signed': (d) => { d.sealed(d.encrypt.slice(0, 40)); },
  'ciphertext of one byte more, signed': (d) => { d.sealed(Buffer.concat([Buffer.from(d.encrypt, 'base64'), Buffer.from([0])]).toString('base64')); },
  'ciphertext no base64, signed': (d) => { d.sealed('*'.repeat(d.encrypt.length)); },
  'two ciphertexts': (d) => { d.body = d.body.replace('</xml>', `<Encrypt>${d.encrypt}</Encrypt></xml>`); },
  'envelope cut': (d) => { d.body = d.body.slice(0, -8); },
  'envelope of JSON': (d) => { d.body = JSON.stringify({ Encrypt: d.encrypt }); },
  'no body': (d) => { d.body = ''; },
  'document type': (d) => { d.body = '<!DOCTYPE xml [<!ENTITY a "b">]>' + d.body; },
  'GET with the message': (d) => { d.method = 'GET'; },
  'PUT': (d) => { d.method = 'PUT'; },
};

let count = 0;

async function post({ by, at, message, forge }) {
  count++;
  const d = {
    by, method: 'POST', xml: element('xml', message),
    query: { timestamp: String(at), nonce: `${process.pid}${count}`, encrypt_type: 'aes' },
    envelope: (sealed) => element('xml', { ToUserName: message.ToUserName, Encrypt: sealed }),
    sealed(encrypt) {
      this.encrypt = encrypt;
      this.query.msg_signature = packages[by].sign(account.token, this.query.timestamp, this.query.nonce, encrypt);
      this.body = this.envelope(encrypt);
    },
    resealed(id) { this.sealed(wecom.encrypt(account.aesKey, this.xml, id, crypto.randomBytes(16))); },
  };
  d.query.signature = plainSign(by, d.query.timestamp, d.query.nonce);
  d.sealed(packages[by].seal(d.xml, account.appid));
  if (forge) forgeries[forge](d);
  const { status, body } = await send(d.method, d.query, d.body);
  return { status, ...readReply(body) };
}

async function check({ by, at, echostr, token }) {
  const query = { timestamp: String(at), nonce: '1514711492', echostr };
  query.signature = plainSign(by, query.timestamp, query.nonce, token);
  const { status, body } = await send('GET', query);
  return { status, words: body };
}

answer(async (q) => {
  switch (q.op) {
    case 'start':
      account = q;
      return { forgeries: Object.keys(forgeries) };
    case 'check':
      return check(q);
    case 'post':
      return post(q);
    default:
      throw new Error(`unknown op ${q.op}`);
  }
});
