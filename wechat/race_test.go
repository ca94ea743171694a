//go:build race

package wechat_test

// raceEnabled is set because the race detector empties pools at random.
const raceEnabled = true
