'use strict';

// A client of the platform's API that others wrote, pointed at a base address.
//
//   start  {base, appid, secret}   once, first
//   call   {name, args}            any method of the client
//   token                          the token that the client holds

const API = require('co-wechat-api');
const answer = require('./lines');

let api;

answer(async (q) => {
  switch (q.op) {
    case 'start':
      api = new API(q.appid, q.secret);
      for (const name of Object.keys(api).filter((k) => /[pP]refix$/.test(k))) api[name] = q.base + '/cgi-bin/';
      return {};
    case 'call':
      if (typeof api[q.name] !== 'function') throw new Error(`no method ${q.name}`);
      try {
        const result = await api[q.name](...q.args.map((a) => (a && a.base64 ? Buffer.from(a.base64, 'base64') : a)));
        return Buffer.isBuffer(result) ? { base64: result.toString('base64') } : { result };
      } catch (err) {
        if (err.code === undefined) throw err;
        return { code: Number(err.code), message: err.message };
      }
    case 'token':
      return { token: api.store ? api.store.accessToken : '' };
    default:
      throw new Error(`unknown op ${q.op}`);
  }
});
