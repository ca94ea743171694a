package models

// BindingsUntagged returns some bindings of followers whose tag the platform does
// not know.
func (tx *Tx) BindingsUntagged(n int) ([]Binding, error) {
	return many[Binding](tx.g.Where("active_person IS NOT NULL AND openid <> '' AND tag = ''").Order("id").Limit(n))
}

// BindingsEnded returns some ended bindings of users who are bound to nobody and
// whom the platform knows by another tag than this one.
func (tx *Tx) BindingsEnded(tag string, n int) ([]Binding, error) {
	bound := tx.g.Model(&Binding{}).Select("active_openid").Where("active_openid IS NOT NULL")
	return many[Binding](tx.g.Where("active_person IS NULL AND openid <> '' AND tag NOT IN ? AND openid NOT IN (?)", []string{"", tag}, bound).
		Order("id").Limit(n))
}

// BindingsTagged returns some bindings of followers whose tag the platform knows,
// after one.
func (tx *Tx) BindingsTagged(after string, n int) ([]Binding, error) {
	return many[Binding](tx.g.Where("active_person IS NOT NULL AND openid <> '' AND tag <> '' AND id > ?", after).Order("id").Limit(n))
}

// SetTag records which tag the platform knows of some users, in ended bindings too:
// the tag is the user's.
func (tx *Tx) SetTag(tag string, openIDs []string) error {
	return known(tx.g.Model(&Binding{}).Where("active_openid IN ? OR active_openid IS NULL AND openid IN ?", openIDs, openIDs).
		Update("tag", tag).Error)
}
