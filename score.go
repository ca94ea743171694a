package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/cunkao/cunkao/scoring"
)

// std is what a command reads and writes.
type std struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) (string, bool)
	now      func() time.Time // nil means the real clock
}

// clock is the clock of serve.
func (s std) clock() func() time.Time {
	if s.now != nil {
		return s.now
	}
	return time.Now //nolint:forbidigo // this is the caller that has it
}

// exitError ends the program with a status; what there is to say has been said.
type exitError struct{ code int }

// Error names the status.
func (e exitError) Error() string { return fmt.Sprintf("exit status %d", e.code) }

// The exit statuses of score.
const (
	exitFault    = 1 // the answer could not be written
	exitBadInput = 2
)

// scoreCmd is `cunkao score`.
type scoreCmd struct {
	Rubric  string `default:"seed-default-v1" help:"考评细则：seed-default-v1，或细则文件。" placeholder:"NAME|FILE"`
	Explain bool   `help:"不输出JSON，逐项说明得分。"`
	File    string `arg:"" help:"输入文件；不写或写-时读标准输入。" optional:""`
}

// Run scores one input object.
func (c *scoreCmd) Run(s std) error {
	in := s.in
	if c.File != "" && c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return exitOf(refuseScore(s.out, &scoring.InputError{Field: "file", Text: "打不开文件" + c.File + "。"}))
		}
		defer f.Close()
		in = f
	}
	return exitOf(score(c.Rubric, in, s.out, c.Explain))
}

func exitOf(code int) error {
	if code == 0 {
		return nil
	}
	return exitError{code}
}

// answer is what one form of input gives: its JSON, or the same for people.
type answer interface {
	explain(w *prose)
}

// score reads one input object from in, scores it by the rubric of that name
// or file, and writes the answer: JSON, or a text for people if explain. It
// returns the exit status: 2 for bad input, which is written as an error
// object either way.
//
//nolint:revive // explain is the user's own flag
func score(rubric string, in io.Reader, out io.Writer, explain bool) (exit int) {
	a, err := answerOf(rubric, in)
	if err != nil {
		return refuseScore(out, err)
	}
	if explain {
		w := &prose{}
		a.explain(w)
		_, err = io.WriteString(out, w.String())
	} else {
		err = writeJSON(out, a)
	}
	if err != nil {
		return exitFault
	}
	return 0
}

func answerOf(rubric string, in io.Reader) (answer, error) {
	r, err := rubricNamed(rubric)
	if err != nil {
		return nil, &scoring.InputError{Field: "rubric", Text: err.Error()}
	}
	return answerBy(r, in)
}

func answerBy(r *scoring.Rubric, in io.Reader) (answer, error) {
	root, err := readInput(in)
	if err != nil {
		return nil, err
	}
	form, known := scoreForms()[root.key("form").text()]
	if root.failed() == nil && !known {
		root.key("form").fail("没有这种计算，可以写assess、rank、town、streak、tenure、leave、recheck、spring、pay。")
	}
	if err := root.failed(); err != nil {
		return nil, err
	}
	a, err := form(r, root)
	if failed := root.failed(); failed != nil {
		return nil, failed
	}
	return a, err
}

// scoreForms are the forms of input. Each reads its input and answers it; a
// mistake in the input may be noted there, or returned.
func scoreForms() map[string]func(*scoring.Rubric, value) (answer, error) {
	return map[string]func(*scoring.Rubric, value) (answer, error){
		"assess":  scoreAssess,
		"rank":    scoreRank,
		"town":    scoreTown,
		"streak":  scoreStreak,
		"tenure":  scoreTenure,
		"leave":   scoreLeave,
		"recheck": scoreRecheck,
		"spring":  scoreSpring,
		"pay":     scorePay,
	}
}

func rubricNamed(name string) (*scoring.Rubric, error) {
	if name == scoring.DefaultID {
		return scoring.Default()
	}
	src, err := os.ReadFile(name) //nolint:gosec // the user names the file
	if err != nil {
		return nil, fmt.Errorf("没有考评细则%s：既不是%s，也不是能读的文件。", name, scoring.DefaultID)
	}
	return scoring.ParseRubric(src)
}

func writeJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// refuseScore writes what is wrong with the input.
func refuseScore(out io.Writer, err error) int {
	var body struct {
		Error struct {
			Field string `json:"field"`
			Text  string `json:"text"`
		} `json:"error"`
	}
	body.Error.Text = err.Error()
	if e, ok := errors.AsType[*scoring.InputError](err); ok {
		body.Error.Field, body.Error.Text = e.Field, e.Text
	}
	if writeJSON(out, body) != nil {
		return exitFault
	}
	return exitBadInput
}
