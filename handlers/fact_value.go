package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/scoring"
)

// The words that a value may be.
const (
	wordNone   = "不涉及"
	wordNotDue = "未到期"
	wordYes    = "是"
	wordNo     = "否"
)

// plainDigits turns what an input method makes of digits and signs (full-width
// ones) into plain ones, and drops spaces within.
func plainDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r > 0xFF00 && r < 0xFF5F: // full-width ASCII
			return r - 0xFEE0
		case r == '。' || r == '．':
			return '.'
		case r == ' ' || r == '\u3000' || r == '\t':
			return -1
		default:
			return r
		}
	}, s)
}

// bareName is a cadre's name without the post behind it.
func bareName(name string) string {
	bare, _, _ := strings.Cut(name, "（")
	return bare
}

// errValue is a value that its rule does not take; its text says what is right.
func errValue(format string, args ...any) error { return Refuse(format, args...) }

// wordValue reads the two values that any check may have.
func wordValue(text string) (scoring.Value, bool) {
	switch text {
	case wordNone:
		return scoring.NotApplicable(), true
	case wordNotDue:
		return scoring.NotDue(), true
	default:
		return scoring.Value{}, false
	}
}

// parseValue reads the value of a check that is entered in one line.
func parseValue(c scoring.Check, text string) (scoring.Value, error) {
	text = plainDigits(text)
	if v, ok := wordValue(text); ok {
		return v, nil
	}
	switch c.Rule.Type {
	case scoring.AllOrNothingRule, scoring.ObligationRule:
		if text != wordYes && text != wordNo {
			return scoring.Value{}, errValue("应填“是”或“否”，不是“%.20s”。", text)
		}
		return scoring.Flag(text == wordYes), nil
	case scoring.RateRule:
		return parseRate(text)
	case scoring.ProportionalRule:
		return parseRatio(text)
	case scoring.DeductRule:
		n, err := parseCount(text)
		return scoring.Count(n), err
	default:
		d, err := scoring.ParseDecimal(text)
		if err != nil {
			return scoring.Value{}, errValue("应填得分，例如%s，不是“%.20s”。", c.Points, text)
		}
		return scoring.Number(d), nil
	}
}

// mostEntered is the largest count a sheet may hold: more is a slip.
const mostEntered = 1_000_000

func parseCount(text string) (int64, error) {
	n, err := strconv.ParseInt(plainDigits(text), 10, 64)
	if err != nil || n < 0 || n > mostEntered {
		return 0, errValue("应填次数，例如0或2，不是“%.20s”。", text)
	}
	return n, nil
}

// parseFraction reads 248/250.
func parseFraction(text string) (v scoring.Value, ok bool) {
	above, below, _ := strings.Cut(text, "/")
	numerator, err := parseCount(above)
	if err != nil {
		return v, false
	}
	denominator, err := parseCount(below)
	if err != nil || denominator == 0 {
		return v, false
	}
	return scoring.Rate(numerator, denominator), numerator <= denominator
}

// parseRate reads 97.5, 97.5% or 248/250. Two slips of the finger would cost or
// give a whole check and are refused: a rate over 100, and 0.975 for 97.5.
func parseRate(text string) (scoring.Value, error) {
	if strings.Contains(text, "/") {
		v, ok := parseFraction(text)
		if !ok {
			return v, errValue("应填比率，例如248/250，分子不大于分母，不是“%.20s”。", text)
		}
		return v, nil
	}
	number, marked := strings.CutSuffix(text, "%")
	d, err := scoring.ParseDecimal(number)
	if err != nil {
		return scoring.Value{}, errValue("应填百分数，例如97.5，或者248/250，不是“%.20s”。", text)
	}
	size, _ := new(big.Rat).SetString(d.String())
	switch one := big.NewRat(1, 1); {
	case size.Sign() < 0 || size.Cmp(big.NewRat(100, 1)) > 0:
		return scoring.Value{}, errValue("比率应在0到100之间，不是“%.20s”。", text)
	case !marked && size.Sign() > 0 && size.Cmp(one) <= 0:
		return scoring.Value{}, errValue("“%.20s”是百分之几？请写成97.5这样，或者带上%%。", text)
	}
	return scoring.Number(d), nil
}

// parseRatio reads 0.82, 82% or 41/50. More than all of it may be done.
func parseRatio(text string) (scoring.Value, error) {
	fault := errValue("应填完成的比例，例如0.82或者82%%，不是“%.20s”。", text)
	if above, below, ok := strings.Cut(text, "/"); ok {
		numerator, err1 := parseCount(above)
		denominator, err2 := parseCount(below)
		if err1 != nil || err2 != nil || denominator == 0 {
			return scoring.Value{}, fault
		}
		return scoring.Rate(numerator, denominator), nil
	}
	number, marked := strings.CutSuffix(text, "%")
	d, err := scoring.ParseDecimal(number)
	whole, decimals, _ := strings.Cut(d.String(), ".")
	switch {
	case err != nil || strings.HasPrefix(whole, "-") || len(whole)+len(decimals) > 9:
		return scoring.Value{}, fault
	case marked:
		n, err := strconv.ParseInt(whole+decimals, 10, 64)
		if err != nil {
			return scoring.Value{}, fault
		}
		return scoring.Rate(n, tenTo(2+len(decimals))), nil
	case len(whole) > 1: // 82 for 0.82
		return scoring.Value{}, fault
	}
	return scoring.Number(d), nil
}

func tenTo(n int) int64 {
	out := int64(1)
	for range n {
		out *= 10
	}
	return out
}

// verified asks the rubric, whose words are good enough for the person.
func verified(r *scoring.Rubric, check string, v scoring.Value) error {
	err := r.Verify(check, v)
	if bad, ok := errors.AsType[*scoring.InputError](err); ok {
		return errValue("%s", bad.Text)
	}
	return err
}

// enteredText is a value as a sheet has it: of a check, or of one of its lines.
func enteredText(v scoring.Value, m matter) (string, error) {
	raw, err := v.MarshalJSON()
	if err != nil {
		return "", fmt.Errorf("write a value: %w", err)
	}
	switch text := unquoted(raw); {
	case v.IsZero():
		return "", nil
	case v.Equal(scoring.NotApplicable()):
		return wordNone, nil
	case v.Equal(scoring.NotDue()):
		return wordNotDue, nil
	case v.Equal(scoring.Flag(true)):
		return wordYes, nil
	case v.Equal(scoring.Flag(false)):
		return wordNo, nil
	case raw[0] != '{':
		return text, nil
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return "", fmt.Errorf("write a value: %w", err)
	}
	if m.code != "" {
		return unquoted(parts[m.code]), nil
	}
	return unquoted(parts["numerator"]) + "/" + unquoted(parts["denominator"]), nil
}

// unquoted is a JSON number, which scoring writes as a string if it has decimals.
func unquoted(raw json.RawMessage) string { return strings.Trim(string(raw), `"`) }
