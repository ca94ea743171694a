package handlers

import (
	"fmt"

	"github.com/cunkao/cunkao/models"
)

// did writes the journal's row of what was just done, in the same transaction.
func (d *Desk) did(act, subject, reason string) error {
	d.act = act
	err := d.appendRow(&models.Journal{
		ID: d.tx.NewID(), At: d.Now, Actor: d.actor(), Act: act, Subject: subject, Reason: reason,
		Digest: d.cmd.Digest, CmdKey: d.cmd.Name(),
	})
	if err != nil {
		return fmt.Errorf("journal %s of %s: %w", act, subject, err)
	}
	return nil
}
