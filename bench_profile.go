package main

import (
	"fmt"
	"os"
	"runtime/pprof"

	"github.com/cunkao/cunkao/bench"
)

// profiled runs a load and, where that was asked for, samples what the processor
// does meanwhile.
func (r *checkinRun) profiled(c *contender, run func() (bench.Outcome, error)) (o bench.Outcome, err error) {
	file := ""
	if r.Profile != "" && c.name == "cunkao" {
		file = fmt.Sprintf("%s.%d", r.Profile, r.day)
	}
	err = sampled(file, func() (err error) {
		o, err = run()
		return err
	})
	return o, err
}

// sampled writes what the processor does while fn runs into a file, if one is
// named.
func sampled(file string, fn func() error) error {
	if file == "" {
		return fn()
	}
	f, err := os.Create(file) //nolint:gosec // whoever measures names it
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	defer pprof.StopCPUProfile()
	return fn()
}
