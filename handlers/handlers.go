// Package handlers is the room of use cases: who may do what, when, and what
// else happens then. It knows neither WeChat nor HTML nor SQL.
package handlers

import (
	"crypto/rand"
	"sync"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/seal"
)

// Handlers holds what the use cases share.
type Handlers struct {
	db     *models.DB
	box    *seal.Box
	county County
	wake   func()
	group  *group
	intake *intake
	self   string // whose leases of the intake are this process's
	meter  Meter

	rubrics sync.Map   // parsed, by hash: what a hash names never changes
	parsing sync.Mutex // one at a time, each once
}

// New builds the use cases over an open database. wake is called when notices
// wait to be sent.
func New(db *models.DB, box *seal.Box, county County, wake func()) *Handlers {
	h := &Handlers{db: db, box: box, county: county, wake: wake}
	h.group, h.intake, h.self = &group{h: h, busy: map[Who]bool{}}, &intake{h: h}, rand.Text()
	return h
}
