package handlers

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/cunkao/cunkao/models"
)

// CloseMatter ends an open matter of one's village with its result (办结). Whoever holds
// it may, and the village's 正职; then whoever held it is told.
func (d *Desk) CloseMatter(no int, result string) (models.Matter, error) {
	if err := d.may("CloseMatter", Target{Village: d.MyVillage()}); err != nil {
		return models.Matter{}, err
	}
	m, err := d.openMatter(no)
	if err != nil {
		return m, err
	}
	if m.HolderID != d.Who.ID && !d.Is(Head) {
		return m, Refuse("%d号事项不是您经手的，请经手人来办结。", no)
	}
	at := d.Sent.UTC()
	m.State, m.DoneAt, m.Result = models.MatterDone, &at, d.h.box.Seal(result, "matters.result."+m.ID)
	if err := d.moveMatter("CloseMatter", m); err != nil {
		return m, err
	}
	m.Version++
	words, err := d.wordsOf(m)
	if err != nil {
		return m, err
	}
	return m, d.tellGone(m.HolderID, m, words, endedForHim)
}

// HandOver gives an open matter to a colleague (移交), who is told; the one who held it
// until now is told too, if he is not the one who hands it over.
func (d *Desk) HandOver(no int, to string) (models.Matter, error) {
	if err := d.may("HandOver", Target{Village: d.MyVillage()}); err != nil {
		return models.Matter{}, err
	}
	m, err := d.openMatter(no)
	if err != nil {
		return m, err
	}
	if m.HolderID == to {
		return m, Refuse("%d号事项本来就由他经手。", no)
	}
	was := m.HolderID
	handOn(&m, to, d.Sent.UTC())
	if err := d.moveMatter("HandOver", m); err != nil {
		return m, err
	}
	m.Version++
	words, err := d.wordsOf(m)
	if err != nil {
		return m, err
	}
	if err := d.tellHolder(m, words); err != nil {
		return m, err
	}
	return m, d.tellGone(was, m, words, handedElsewhere)
}

// handOn gives a matter to somebody. When it was handed on first is what counts: a matter that
// was so in time stays so, whoever has it later.
func handOn(m *models.Matter, to string, at time.Time) {
	m.HolderID = to
	if m.HandedAt == nil {
		m.HandedAt = &at
	}
}

// What became of a matter that somebody is not to go on with any more.
const (
	handedElsewhere = "转给别人接着办"
	endedForHim     = "办结"
	correctedToDone = "更正为已办结"
	correctedAway   = "更正日志时去掉"
)

// tellGone tells somebody else that he is not to go on with a matter any more, and why.
func (d *Desk) tellGone(personID string, m models.Matter, words, said string) error {
	if personID == d.Who.ID {
		return nil
	}
	return d.tell(note{
		to: personID, kind: NoticeMatterGone, class: classTask, dedupe: fmt.Sprintf("mattergone:%s:%d", m.ID, m.Version),
		words: map[string]string{"from": d.Who.Name, "no": strconv.Itoa(m.No), "what": masked(words), "said": said, "date": m.Day.String()},
	})
}

func (d *Desk) openMatter(no int) (models.Matter, error) {
	m, err := d.tx.MatterByNo(d.MyVillage(), no)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return m, Refuse("没有%d号事项。看有哪些，发“未办事项”。", no)
	case err != nil:
		return m, fmt.Errorf("matter %d: %w", no, err)
	case m.State == models.MatterDropped:
		return m, Refuse("%d号事项在更正日志时去掉了，不用办。", no)
	case m.State != models.MatterOpen:
		return m, Refuse("%d号事项已经办结了。", no)
	default:
		return m, nil
	}
}

func (d *Desk) moveMatter(act string, m models.Matter) error {
	moved, err := d.tx.MoveMatter(m)
	switch {
	case err != nil:
		return fmt.Errorf("%s of matter %d: %w", act, m.No, err)
	case !moved:
		return Refuse("%d号事项刚被别人办过，请再看一遍“未办事项”。", m.No)
	default:
		return d.did(act, m.ID, "")
	}
}
