package models

// BindingsUntagged returns some bindings of followers whose tag the platform does
// not know.
func (tx *Tx) BindingsUntagged(n int) ([]Binding, error) {
	return many[Binding](tx.g.Where("active_person IS NOT NULL AND openid <> '' AND tag = ''").Order("id").Limit(n))
}

// BindingsTagged returns some bindings of followers whose tag the platform knows,
// after one.
func (tx *Tx) BindingsTagged(after string, n int) ([]Binding, error) {
	return many[Binding](tx.g.Where("active_person IS NOT NULL AND openid <> '' AND tag <> '' AND id > ?", after).Order("id").Limit(n))
}

// SetTag records which tag the platform knows of some users.
func (tx *Tx) SetTag(tag string, openIDs []string) error {
	return known(tx.g.Model(&Binding{}).Where("active_openid IN ?", openIDs).Update("tag", tag).Error)
}
