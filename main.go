// Command cunkao runs a county's quarterly assessment of village cadres
// through a WeChat service account.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/cunkao/cunkao/config"
	"github.com/cunkao/cunkao/handlers"
)

// version is set when a release is built: -ldflags "-X main.version=v1.2.3".
var version = "dev"

// cli is every command.
type cli struct {
	Demo       demoCmd       `cmd:"" help:"演示：一个虚构的县，网页里的手机，可以拨动的时钟。"`
	Serve      serveCmd      `cmd:"" help:"运行公众号服务。"`
	Config     configCmd     `cmd:"" help:"显示生效的配置，隐去密钥。"`
	Migrate    migrateCmd    `cmd:"" help:"升级数据库结构。"`
	Quarter    quarterCmd    `cmd:"" help:"季度考核：查看，或办理一步。"`
	Code       codeCmd       `cmd:"" help:"给一个人发绑定码。"`
	Unbind     unbindCmd     `cmd:"" help:"给一个人解绑微信。"`
	Talk       talkCmd       `cmd:"" help:"一个人最近和公众号说话，听懂了什么。"`
	Photo      photoCmd      `cmd:"" help:"看一个人的照片：列出来，或写明原因取一张。"`
	Kin        kinCmd        `cmd:"" help:"登记亲属关系：审批、评分要回避。"`
	Notices    noticesCmd    `cmd:"" help:"通知的队列，和看不懂的消息。"`
	Import     importCmd     `cmd:"" help:"导入。"`
	Export     exportCmd     `cmd:"" help:"导出。"`
	Menu       menuCmd       `cmd:"" help:"公众号菜单。"`
	Understand understandCmd `cmd:"" help:"读懂中文日期和请假的话，一行一句。"`
	Score      scoreCmd      `cmd:"" help:"按考评细则计算得分、等次和补贴。"`
	Health     healthCmd     `cmd:"" help:"问正在运行的服务是否就绪。"`
	Bench      benchCmd      `cmd:"" help:"在这台机器上测速。"`
	Version    versionCmd    `cmd:"" help:"版本。"`
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(s std) error {
	_, err := fmt.Fprintln(s.out, "cunkao", version)
	return err
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], std{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.LookupEnv})
	stop()
	os.Exit(code)
}

// run carries out one command line and returns the exit status.
func run(ctx context.Context, args []string, s std) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c, kong.Name("cunkao"), kong.Description("村干部季度考核。"), kong.UsageOnError(),
		kong.Writers(s.out, s.err), kong.Exit(func(code int) { exited = code }),
		kong.Bind(s), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(s.err, "cunkao:", err)
		return 1
	}
	k, err := parser.Parse(args)
	if exited >= 0 { // help was asked for
		return exited
	}
	if err == nil {
		err = k.Run()
	}
	if exit, ok := errors.AsType[exitError](err); ok {
		return exit.code
	}
	if errors.Is(err, handlers.ErrMismatch) {
		err = handlers.Refuse("这个 --key 已经用来办过别的事，请换一个新的。")
	}
	if refused, ok := errors.AsType[*handlers.Refusal](err); ok {
		fmt.Fprintln(s.err, refused.Text)
		return 1
	}
	if _, ok := errors.AsType[config.SettingErrors](err); ok {
		fmt.Fprintf(s.err, "设置要改：\n%s\n", err)
		return 1
	}
	if err != nil {
		fmt.Fprintln(s.err, "cunkao:", err)
		return 1
	}
	return 0
}
