package scoring

import (
	"fmt"

	"github.com/cunkao/cunkao/calendar"
)

// Facts are what was found in a quarter, by the id of the check. A check that
// is not named stands at full points: values are carried forward and only
// exceptions are entered. Only a survey (群众评价) must be named; without it
// there is no valid vote.
type Facts map[string]Fact

// Fact is what was found for one check.
type Fact struct {
	Value   Value    `json:"value"`
	Records []Record `json:"records,omitempty"`
	Note    string   `json:"note,omitempty"`
}

// Record is what stands behind a fact: the missed shift, the late report.
// Event names the entry of the check's list of deductions that it belongs to.
type Record struct {
	ID    string        `json:"id"`
	Date  calendar.Date `json:"date"`
	Event string        `json:"event,omitempty"`
	Note  string        `json:"note,omitempty"`
}

// Event is a commendation, a circular or a report in the media (article 8,
// 加减分) that counts for one cadre this quarter. ID is the rubric's entry (F1
// to F5), Level who issued the document (empty where the rubric has one size
// for all), Matter what it was about, Record the document's number.
type Event struct {
	ID     string        `json:"id"`
	Level  string        `json:"level,omitempty"`
	Matter string        `json:"matter"`
	Record string        `json:"record,omitempty"`
	Date   calendar.Date `json:"date"`
}

// InputError says that something handed in cannot be scored. Text is for the
// person who entered it; Field is where, such as village_facts.A1.3 or
// events[1].level.
type InputError struct {
	Field string
	Text  string
}

// Error returns the field and the text.
func (e *InputError) Error() string { return e.Field + ": " + e.Text }

func bad(field, format string, args ...any) *InputError {
	return &InputError{Field: field, Text: fmt.Sprintf(format, args...)}
}

// under returns the error of a part of field.
func (e *InputError) under(field string) *InputError {
	return &InputError{Field: field + "." + e.Field, Text: e.Text}
}
