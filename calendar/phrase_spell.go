package calendar

import "time"

// spell is what lies between two points of which one has a time.
func (r *reader) spell(left, right point) phrase {
	part := noPart
	if left.part == noPart && right.part != noPart && !right.day && left.clock.hour <= right.clock.hour {
		part = right.part // 3点到5点PM
	}
	var out phrase
	starts := left.moments(r.today, part)
	if !left.timed && left.instants == nil {
		starts = left.begins(r.today)
	}
	for _, from := range starts {
		for _, to := range r.endsOf(left, right, from) {
			if to.After(from) {
				out.add(Reading{Kind: Spell, StartAt: from, EndAt: to, Start: On(from), End: On(to), Today: !left.day})
				break
			}
		}
	}
	return out
}

// begins are the moments at which a point without a time begins.
func (p point) begins(today Date) []time.Time {
	hours := [...]int{0, 8, 12, 14, 18, 22}
	hour := 8
	if p.part != noPart {
		hour = hours[p.part]
	}
	if !p.day {
		return []time.Time{today.At(hour, 0)}
	}
	var all []time.Time
	for _, s := range p.days.spans {
		all = append(all, s.From.At(hour, 0))
	}
	return all
}

// endsOf are the moments that the right end may be, by how likely they are.
func (r *reader) endsOf(left, right point, from time.Time) []time.Time {
	switch {
	case right.instants != nil:
		return right.instants
	case !right.timed:
		d := On(from)
		if right.day {
			d = right.days.spans[0].To
		}
		hours := [...]int{6, 12, 14, 18, 22, 24}
		hour := 18
		if right.part != noPart {
			hour = hours[right.part]
		}
		return []time.Time{d.At(hour, 0)}
	case right.day && right.part == noPart && from.Hour() < 12 && right.clock.hour <= 6:
		at := right.moments(On(from), noPart)
		return []time.Time{at[len(at)-1], at[0]}
	case right.day:
		return right.moments(On(from), noPart)
	}
	day := On(from)
	if left.part != noPart && partNames[left.part] == Dawn && right.part == noPart {
		return right.moments(day, noPart)
	}
	var all []time.Time
	if left.part != noPart && right.part == noPart {
		all = right.clock.with(day, left.part)
	}
	plain := right.moments(day, noPart)
	all = append(all, plain...)
	for _, t := range plain {
		if t.Hour() < 12 && right.part == noPart {
			all = append(all, t.Add(12*time.Hour))
		}
	}
	if !right.clock.colon && len(plain) > 1 && left.part == noPart && from.Hour() < 12 && from.Hour() > 0 && left.clock.hour <= 6 {
		all = append([]time.Time{plain[1]}, all...)
	}
	for _, t := range plain {
		all = append(all, t.AddDate(0, 0, 1))
	}
	return all
}
