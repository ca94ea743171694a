package handlers

import (
	"errors"
	"fmt"
)

// Refusal is an error whose text is meant for the person who asked. Any other
// error is a fault: it goes to the log, and the person learns only that
// something broke.
type Refusal struct {
	Field string // the input that is wrong, if one is
	Text  string // Chinese, ends with 。
}

// Error returns the text for the person.
func (r *Refusal) Error() string { return r.Text }

// Refuse says no.
func Refuse(format string, args ...any) error {
	return &Refusal{Text: fmt.Sprintf(format, args...)}
}

// RefuseField says no because of one input.
func RefuseField(field, format string, args ...any) error {
	return &Refusal{Field: field, Text: fmt.Sprintf(format, args...)}
}

// Errors of Do that the edges tell apart from other faults.
var (
	// ErrUnsure says that nobody knows whether the command was carried out: its
	// COMMIT was not answered, and the database cannot be asked. Do not answer
	// it: the platform's repeat finds out.
	ErrUnsure = errors.New("the command may or may not have been carried out")
	// ErrMismatch says that a key was used before with another input: a fault of
	// the sender, or an attack.
	ErrMismatch = errors.New("the key was used before with another input")
)

// Explain returns the text for the person and whether err was a refusal.
// number is what the person can name when he asks about a fault.
func Explain(err error, number string) (text string, refused bool) {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r.Text, true
	}
	return "没有记录下来，请稍后再试（编号" + number + "）。", false
}
