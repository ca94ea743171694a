'use strict';

// One question a line comes in, one answer a line goes out, in the same order.
// Questions and answers are JSON; an error is an answer with a field "failed".

const readline = require('node:readline');

module.exports = async function answer(ask) {
  for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    let out;
    try {
      out = await ask(JSON.parse(line));
    } catch (err) {
      out = { failed: String(err && err.stack || err) };
    }
    process.stdout.write(JSON.stringify(out) + '\n');
  }
};
