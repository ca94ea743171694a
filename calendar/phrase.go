package calendar

import "time"

// PhraseKind is the kind of a reading: what sort of time the words name.
type PhraseKind string

// The kinds of reading. A time of day without a day is a moment or a spell of
// today.
const (
	NoPhrase  PhraseKind = "none"          // not understood
	NoSuchDay PhraseKind = "invalid"       // 2月30日: refused, never rolled over
	OneDay    PhraseKind = "date"          // a day, or the days of a named span of one day
	Days      PhraseKind = "daterange"     // from Start to End, both included
	HalfDay   PhraseKind = "halfday"       // Part of the day Start
	Moment    PhraseKind = "datetime"      // StartAt
	Spell     PhraseKind = "datetimerange" // from StartAt to EndAt
	Length    PhraseKind = "duration"      // Seconds, or Workdays
)

// Part is a part of a day, as people name it.
type Part string

// The parts of a day. A leave knows only Morning and Afternoon.
const (
	WholeDay  Part = ""
	Dawn      Part = "dawn"    // 凌晨
	Morning   Part = "am"      // 上午, 早上
	Noon      Part = "noon"    // 中午
	Afternoon Part = "pm"      // 下午
	Evening   Part = "evening" // 晚上, 傍晚
	Night     Part = "night"   // 深夜, 半夜
)

// Reading is one way to understand a phrase.
type Reading struct {
	Kind PhraseKind
	// Start and End are the days, both included; a moment has the day of
	// StartAt. They are no days for a Length.
	Start, End Date
	// Part is which part of Start a HalfDay is. StartPart and EndPart are where
	// Days begin and end if they do so within a day (周三下午到周五上午).
	Part, StartPart, EndPart Part
	// StartAt and EndAt are wall clock times in Zone, for Moment and Spell.
	StartAt, EndAt time.Time
	// Seconds is how long a Length is: a day has 86 400, a month 30 days, a year
	// 365.
	Seconds int64
	// Workdays is that length in working days, where it was said so (三个工作日).
	Workdays int
	// Today says that no day was named: the day is the day of now.
	Today bool
}

// Question is one of the readings between which the speaker has to choose, with
// the question in Chinese. A question that offers no reading (三四天) has the Kind
// NoPhrase and only a Text.
type Question struct {
	Reading
	Text string
}

// Found is what was understood of a sentence, and where it stands in it.
type Found struct {
	// Reading is the answer; if there are two readings or more in Asks it is the
	// likeliest, and must not be taken without asking.
	Reading
	// From and To are the runes of the sentence that were read, To excluded.
	From, To int
	// Asks are the questions, none if the reading is sure.
	Asks []Question
	// Confirm says that the reading is a proposal, to be said yes or no to.
	Confirm bool
	// whole says that a week, month or year was named as such: 下周.
	whole bool
}

// Sure reports whether the reading can be taken as it is.
func (f Found) Sure() bool {
	return len(f.Asks) == 0 && f.Kind != NoPhrase && f.Kind != NoSuchDay
}

// Read finds the words for a time in a sentence and reads them as somebody means
// them who says them at now: days, spans of days, parts of a day, times of day and
// lengths. off is the table of working days. It guesses nothing: where two
// readings fit, it asks.
//
// The phrase that names days goes before one that names a time or a length; among
// equals the first.
func Read(text string, now time.Time, off DaysOff) Found {
	return newReader(text, now, off).best()
}

// ReadAll is Read for every phrase of the sentence, in its order.
func ReadAll(text string, now time.Time, off DaysOff) []Found {
	return newReader(text, now, off).all()
}
