package wechat

import (
	"errors"
	"fmt"
	"time"
)

// Error is what the platform said about a call that it refused. It never
// contains a token or the secret. The message usually ends with a rid, by which
// the platform's tools explain the refusal for seven days.
type Error struct {
	Code    int    // errcode, never 0
	Message string // errmsg
	API     string // the end of the path, such as message/custom/send
}

func (e *Error) Error() string {
	return fmt.Sprintf("wechat %s: %d %s", e.API, e.Code, e.Message)
}

// Class is what to do about a call that failed.
type Class int

// The classes, from the most hopeful to the least.
const (
	Retry       Class = iota // again soon, with backoff
	RetryLater               // again after Error.Delay
	UnderReview              // the platform may still send it: never again, and no id will come
	Window                   // this way to the person is shut: another channel
	Gone                     // what the call was about has expired: only the person can bring another
	Dead                     // nothing will reach this person by this account until they act
	Quota                    // used up for today: nothing more by this API until midnight in Beijing
	Config                   // the account or the server is set up wrong: alert, stop
	Ours                     // our bug: log, do not repeat
)

func (c Class) String() string {
	names := []string{"retry", "retry later", "under review", "window", "gone", "dead", "quota", "config", "ours"}
	if c < 0 || int(c) >= len(names) {
		return "unknown"
	}
	return names[c]
}

// tokenAPI is where tokens come from. There 40001 means that the secret is
// wrong, elsewhere that the token is.
const tokenAPI = "stable_token"

// Class tells what to do. A code that is not known here counts as our bug:
// repeating what the platform refuses for an unknown reason costs the account.
func (e *Error) Class() Class {
	switch e.Code {
	case -1:
		return Retry
	case 40001, 40014, 42001:
		// With a token that was just renewed, or with the secret.
		if e.API == tokenAPI {
			return Config
		}
		return RetryLater
	case 45011, 43117, 40037:
		return RetryLater
	case 40252:
		return UnderReview
	case 45015, 45047, 43101, 40200:
		return Window
	case 40007, 40029, 40030, 40163, 41008, 42002, 42003, 42007:
		// A photo after three days, or the code of a page: sent or opened again.
		return Gone
	case 40003, 43004, 43019, 48002, 49003, 50005, 70000:
		return Dead
	case 45009:
		return Quota
	case 40013, 40125, 40164, 40243, 48001, 48004, 48006, 50002, 50004, 50007, 61024, 89503, 89506, 89507:
		return Config
	}
	return Ours
}

// Delay is how long to wait at least before the next try of a call whose class
// is RetryLater.
func (e *Error) Delay() time.Duration {
	switch e.Code {
	case 43117, 40037: // one person too often; an id that is at times unknown for minutes
		return 10 * time.Minute
	}
	return time.Minute
}

// ClassOf is the class of any error of a Client. What is no word of the
// platform, such as a timeout, is Retry: unless it also is ErrUnsent, whether
// the call took effect is not known, so what must not happen twice has to carry
// an id of its own (Template.ClientMsgID).
func ClassOf(err error) Class {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class()
	}
	switch {
	case errors.Is(err, ErrInvalid) || errors.Is(err, ErrEmptyReply):
		return Ours
	case errors.Is(err, ErrPhotoKind) || errors.Is(err, ErrPhotoSize) || errors.Is(err, ErrPhotoBroken):
		return Gone
	}
	return Retry
}

// ErrInvalid is what a call matches (errors.Is) that breaks a limit the
// platform has published. It was not sent.
var ErrInvalid = errors.New("wechat: call is not valid")

// ErrUnsent is what the error of a call matches (errors.Is) that certainly did
// not take effect, so that repeating it doubles nothing:
//
//   - no connection to the platform was had: the name was not found, the
//     connection refused, the handshake of TLS failed, or the time was over
//     before any of that succeeded;
//   - no token could be had, so the call was not begun; an *Error of the token's
//     own API may stand in the same chain and then says why;
//   - the token was refused (40001) and there was no other.
//
// Once a connection was had, nothing is certain any more: a request that was
// cut off while it was written, an answer that did not come, a status of a
// gateway (502) are not ErrUnsent, although most such calls had no effect.
// When to repeat is still for the Class to say. An *Error of the call itself is
// a refusal and needs no ErrUnsent.
var ErrUnsent = errors.New("wechat: call was not sent")

// unsentError is an error that is ErrUnsent too.
type unsentError struct{ error }

func (e unsentError) Is(target error) bool { return target == ErrUnsent }

func (e unsentError) Unwrap() error { return e.error }

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}
