package main_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/cunkao/cunkao/testkit"
)

// TestComposeAndImage reads both files as a container would be made from them.
func TestComposeAndImage(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]struct {
			Image       string            `yaml:"image"`
			Build       string            `yaml:"build"`
			Healthcheck map[string]any    `yaml:"healthcheck"`
			Ports       []string          `yaml:"ports"`
			Environment map[string]string `yaml:"environment"`
			Volumes     []string          `yaml:"volumes"`
		} `yaml:"services"`
		Volumes map[string]any `yaml:"volumes"`
	}
	if err := yaml.Unmarshal(src, &file); err != nil {
		t.Fatal(err)
	}
	secret := regexp.MustCompile(`PASSWORD|SECRET|TOKEN|KEY$|DSN`)
	for name, s := range file.Services {
		if len(s.Healthcheck) == 0 {
			t.Errorf("%s has no health check", name)
		}
		for k, v := range s.Environment {
			if secret.MatchString(k) && k != "MARIADB_RANDOM_ROOT_PASSWORD" && !strings.Contains(v, ":?") && !strings.Contains(v, ":-}") {
				t.Errorf("%s: %s has a value of its own", name, k)
			}
		}
		for _, p := range s.Ports {
			if !strings.HasPrefix(p, "127.0.0.1:") {
				t.Errorf("%s is open to the world at %s", name, p)
			}
		}
	}
	if _, kept := file.Volumes["mariadb"]; !kept || len(file.Services["mariadb"].Volumes) == 0 {
		t.Error("the database has no volume")
	}
	image, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	stages := regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(string(image), -1)
	if len(stages) != 2 || stages[1][1] != "scratch" || !strings.Contains(string(image), "\nUSER 65532") {
		t.Errorf("the image is made in stages %v, and who runs in it?", stages)
	}
}

// TestStaticBinaryServes builds what the image holds and runs it with the
// environment of docker-compose.yml, beside a real database and a real Redis.
func TestStaticBinaryServes(t *testing.T) {
	testkit.Unraced(t) // it is another process
	t.Parallel()
	env := botEnvironment(t, dotEnv())
	env["CUNKAO_DATABASE_DSN"], env["CUNKAO_REDIS"] = testkit.MariaDB(t), testkit.Redis(t)
	port, err := testkit.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	env["CUNKAO_ADDR"] = fmt.Sprintf("0.0.0.0:%d", port)
	env["CUNKAO_LOG_LEVEL"] = "error"
	binary := filepath.Join(t.TempDir(), "cunkao")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	vars := make([]string, 0, len(env))
	for k, v := range env {
		vars = append(vars, k+"="+v)
	}
	run := func(ctx context.Context, word string) (*exec.Cmd, *bytes.Buffer) {
		var out bytes.Buffer
		cmd := exec.CommandContext(ctx, binary, word)
		cmd.Env, cmd.Stdout, cmd.Stderr, cmd.Dir = vars, &out, &out, t.TempDir()
		return cmd, &out
	}
	serve, said := run(t.Context(), "serve")
	start := time.Now()
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	for {
		health, answer := run(t.Context(), "health")
		if health.Run() == nil {
			if answer.String() != "ok\n" {
				t.Errorf("health says %q", answer)
			}
			break
		}
		if time.Since(start) > 30*time.Second {
			t.Fatalf("not ready after 30 s: %s\n%s", answer, said)
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Logf("ready after %s", time.Since(start).Round(time.Millisecond))
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := serve.Wait(); err != nil || said.Len() > 0 {
		t.Errorf("ended with %v and said %q", err, said)
	}
}
