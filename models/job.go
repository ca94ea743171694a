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

// JobRuns returns what was done of some jobs for slots since an instant.
func (tx *Tx) JobRuns(jobs []string, since time.Time) ([]JobRun, error) {
	return many[JobRun](tx.g.Where("job IN ? AND slot_at >= ?", jobs, since.UTC()))
}
