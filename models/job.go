package models

import "time"

// JobRun says that what the clock starts was carried out for one slot. It is
// unique, so that replicas and retries do it once.
type JobRun struct {
	Job    string    `gorm:"size:60;primaryKey"`
	SlotAt time.Time `gorm:"primaryKey"`
	DoneAt time.Time
}

// AddJobRun records a slot as done, or returns ErrExists.
func (tx *Tx) AddJobRun(job string, slot time.Time) error {
	return known(tx.g.Create(&JobRun{Job: job, SlotAt: slot.UTC(), DoneAt: tx.Now}).Error)
}

// LastJobRun returns the latest slot of a job that was done, or ErrNotFound.
func (tx *Tx) LastJobRun(job string) (time.Time, error) {
	r, err := one[JobRun](tx.g.Where("job = ?", job).Order("slot_at DESC"))
	return r.SlotAt, err
}
