'use strict';

// Days off and lunar dates as two packages know them.
//
//   days    {from, to}   every day of the span: {date, work, name}
//   spring  {year}       the first day of the lunar year, by each package

const days = require('chinese-days');
const solarlunar = require('solarlunar');
const answer = require('./lines');

const iso = (year, month, day) =>
  [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');

answer((q) => {
  switch (q.op) {
    case 'days': {
      const out = [];
      for (let at = new Date(q.from + 'T00:00:00Z'); at.toISOString().slice(0, 10) <= q.to; at.setUTCDate(at.getUTCDate() + 1)) {
        out.push(days.getDayDetail(at.toISOString().slice(0, 10)));
      }
      return { days: out };
    }
    case 'spring': {
      const s = (solarlunar.default || solarlunar).lunar2solar(q.year, 1, 1);
      return { days: days.getSolarDateFromLunar(`${q.year}-01-01`).date, solarlunar: iso(s.cYear, s.cMonth, s.cDay) };
    }
    default:
      throw new Error(`unknown op ${q.op}`);
  }
});
