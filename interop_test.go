package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/cunkao/cunkao/testkit"
)

// TestInterop compares with programs that others wrote, in another language:
// testdata/interop names them and has the few lines that drive each.
func TestInterop(t *testing.T) {
	t.Parallel()
	dir := interopFolder(t)
	for name, compare := range map[string]func(others){
		"webhook": others.webhook, "forged": others.forged, "repeats": others.repeats,
		"api": others.api, "calendar": others.calendar,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compare(others{t, dir})
		})
	}
}

// others are the programs that others wrote, in a folder.
type others struct {
	t   *testing.T
	dir string
}

// interopFolder is a folder with the scripts and their packages: the one in the
// tree if somebody has installed them there, else a copy that goes with the test.
func interopFolder(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			testkit.Without(t, program)
		}
	}
	source, err := filepath.Abs("testdata/interop")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(source, "node_modules")); err == nil {
		return source
	}
	files, err := filepath.Glob(filepath.Join(source, "*.js*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("scripts in %s: %v", source, err)
	}
	dir := t.TempDir()
	for _, f := range files {
		copyFile(t, f, filepath.Join(dir, filepath.Base(f)))
	}
	cmd := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	switch {
	case err != nil && unreachable.Match(out):
		testkit.Without(t, "the registry of npm")
	case err != nil:
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	return dir
}

// unreachable is how npm says that there is no network.
var unreachable = regexp.MustCompile(`ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT`)

// script is one of the scripts at work. It answers a line with a line.
type script struct {
	t   *testing.T
	in  *json.Encoder
	out *bufio.Reader
}

func (o others) start(name string) *script {
	t := o.t
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "--no-deprecation", name)
	cmd.Dir, cmd.Stderr = o.dir, t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := in.Close()
		_, _ = io.Copy(io.Discard, out)
		if _, killed := errors.AsType[*exec.ExitError](cmd.Wait()); err != nil || killed && t.Context().Err() == nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	return &script{t: t, in: json.NewEncoder(in), out: bufio.NewReader(out)}
}

// ask sends a question and reads its answer. What fails in the script fails the
// test.
func (s *script) ask(question map[string]any, answer any) {
	s.t.Helper()
	if err := s.in.Encode(question); err != nil {
		s.t.Fatal(err)
	}
	line, err := s.out.ReadBytes('\n')
	if err != nil {
		s.t.Fatalf("%v: %v", question, err)
	}
	var bad struct{ Failed string }
	if err := json.Unmarshal(line, &bad); err != nil || bad.Failed != "" {
		s.t.Fatalf("%v: %v %s", question, err, bad.Failed)
	}
	if err := json.Unmarshal(line, answer); err != nil {
		s.t.Fatalf("%s: %v", line, err)
	}
}
