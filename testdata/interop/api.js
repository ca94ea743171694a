'use strict';

// A client of the platform's API that others wrote, pointed at a base address.
//
//   start  {base, appid, secret}   once, first
//   call   {name, args}            any method of the client
//   post   {path, body}            a call that the client has no method for
//   token                          the token that the client holds

const API = require('co-wechat-api');
const answer = require('./lines');

let api;

// outcome is what a call came to: a result, bytes, an errcode, or that nothing
// could be made of the answer.
async function outcome(call) {
  try {
    const result = await call();
    return Buffer.isBuffer(result) ? { base64: result.toString('base64') } : { result };
  } catch (err) {
    if (Number.isInteger(err.code)) return { code: err.code, message: err.message };
    return { broken: String(err.code || err.message) };
  }
}

answer(async (q) => {
  switch (q.op) {
    case 'start':
      api = new API(q.appid, q.secret);
      for (const name of Object.keys(api).filter((k) => /[pP]refix$/.test(k))) api[name] = q.base + '/cgi-bin/';
      return {};
    case 'call':
      if (typeof api[q.name] !== 'function') throw new Error(`no method ${q.name}`);
      return outcome(() => api[q.name](...q.args.map((a) => (a && a.base64 ? Buffer.from(a.base64, 'base64') : a))));
    case 'post':
      return outcome(async () => {
        const { accessToken } = await api.ensureAccessToken();
        return api.request(`${api.prefix}${q.path}?access_token=${accessToken}`, {
          dataType: 'json', method: 'POST', data: JSON.stringify(q.body), headers: { 'Content-Type': 'application/json' },
        });
      });
    case 'token':
      return { token: api.store ? api.store.accessToken : '' };
    default:
      throw new Error(`unknown op ${q.op}`);
  }
});
