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
	if r.Profile == "" || c.name != "cunkao" {
		return run()
	}
	f, err := os.Create(fmt.Sprintf("%s.%d", r.Profile, r.day))
	if err != nil {
		return o, fmt.Errorf("profile: %w", err)
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return o, fmt.Errorf("profile: %w", err)
	}
	defer pprof.StopCPUProfile()
	return run()
}
