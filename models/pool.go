package models

// Pool is how the connections for writing stand.
type Pool struct {
	Open, InUse int
	Waited      int64 // how often somebody waited for one
}

// Pool tells how the connections stand.
func (db *DB) Pool() Pool {
	pool, err := db.write.DB()
	if err != nil {
		return Pool{}
	}
	s := pool.Stats()
	return Pool{Open: s.OpenConnections, InUse: s.InUse, Waited: s.WaitCount}
}
