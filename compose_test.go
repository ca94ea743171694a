package main_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/cunkao/cunkao/config"
)

// composeFile is docker-compose.yml, as far as it is about the bot.
type composeFile struct {
	Services map[string]struct {
		EnvFile     string            `yaml:"env_file"`
		Environment map[string]string `yaml:"environment"`
	} `yaml:"services"`
}

// dotEnv is what a county writes into .env.
func dotEnv() map[string]string {
	return map[string]string{
		"MARIADB_PASSWORD":      "secret",
		"REDIS_PASSWORD":        "secret",
		"CUNKAO_SEAL_KEY":       strings.Repeat("0f", 32),
		"CUNKAO_WECHAT_APPID":   "wx0123456789abcdef",
		"CUNKAO_WECHAT_TOKEN":   "token",
		"CUNKAO_WECHAT_AES_KEY": strings.Repeat("a", 43),
		"CUNKAO_WECHAT_SECRET":  "secret",
	}
}

// botEnvironment is the environment of the bot in docker-compose.yml, with what
// .env fills in.
func botEnvironment(t *testing.T, dotEnv map[string]string) map[string]string {
	t.Helper()
	src, err := os.ReadFile("docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file composeFile
	if err := yaml.Unmarshal(src, &file); err != nil {
		t.Fatal(err)
	}
	env := file.Services["bot"].Environment
	if len(env) == 0 {
		t.Fatal("the bot has no environment")
	}
	if file.Services["bot"].EnvFile != ".env" { // or a setting that is written there and not named here goes nowhere
		t.Error("the bot does not get all of .env")
	}
	variable := regexp.MustCompile(`\$\{(\w+):([?-])[^}]*\}`)
	for name, value := range env {
		env[name] = variable.ReplaceAllStringFunc(value, func(use string) string {
			m := variable.FindStringSubmatch(use)
			filled, ok := dotEnv[m[1]]
			if !ok && m[2] == "?" {
				t.Errorf("%s wants %s, which .env does not have", name, m[1])
			}
			return filled
		})
		if strings.Contains(env[name], "$") {
			t.Errorf("%s = %q: a variable without a message or a default", name, value)
		}
	}
	return env
}

func TestComposeSpeaksTheNamesOfConfig(t *testing.T) {
	t.Parallel()
	c := config.Default()
	var known strings.Builder
	if err := c.Print(&known); err != nil {
		t.Fatal(err)
	}
	for name := range botEnvironment(t, dotEnv()) {
		if !strings.Contains(known.String(), "# "+name+"\n") {
			t.Errorf("%s is no setting", name)
		}
	}
}

func TestComposeIsEnoughToServe(t *testing.T) {
	t.Parallel()
	env := botEnvironment(t, dotEnv())
	c, err := config.Read("", func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	})
	if err != nil {
		t.Error(err)
	}
	if err := c.Validate(config.Serve); err != nil {
		t.Error(err)
	}
	if c.DatabaseDSN == "" || c.Redis == "" {
		t.Error("the bot of docker-compose.yml does not use its neighbours")
	}
}
