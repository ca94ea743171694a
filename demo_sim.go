package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/sim"
	"github.com/cunkao/cunkao/wechat"
)

// simOptions are the simulator's view of the demo: its people, codes and clock
// reach it as functions, for it knows nothing of the rest.
func (d *demo) simOptions(o demoOptions) sim.Options {
	return sim.Options{
		Account: d.account, Title: "村考 · " + demoCounty, Templates: simTemplates(), Places: simPlaces(),
		People: d.people, Scenes: d.scenes, Stops: d.stops, Next: d.nextDue, Run: d.runDue,
		Play: d.crowd.play, Walked: d.stands.save, Clock: d.clock, Log: d.log, Cut: o.cut,
	}
}

func simTemplates() []sim.Template {
	return []sim.Template{
		{ID: "demo-result", Title: "考核结果通知", Fields: []sim.Field{{Key: "thing1", Label: "考核周期"}, {Key: "phrase2", Label: "考核等次"}, {Key: "character_string3", Label: "考核得分"}, {Key: "thing4", Label: "温馨提示"}}},
		{ID: "demo-step", Title: "待办事项提醒", Fields: []sim.Field{{Key: "thing1", Label: "事项"}, {Key: "thing2", Label: "截止"}, {Key: "thing3", Label: "温馨提示"}}},
		{ID: "demo-duty", Title: "值班提醒", Fields: []sim.Field{{Key: "thing1", Label: "日期"}, {Key: "thing2", Label: "班次"}, {Key: "thing3", Label: "温馨提示"}}},
		{ID: "demo-nohead", Title: "无人到岗提醒", Fields: []sim.Field{{Key: "thing1", Label: "村"}, {Key: "thing2", Label: "日期"}, {Key: "thing3", Label: "情况"}}},
		{ID: "demo-attest", Title: "请您作证", Fields: []sim.Field{{Key: "thing1", Label: "同事"}, {Key: "thing2", Label: "事项"}, {Key: "number3", Label: "编号"}, {Key: "thing4", Label: "温馨提示"}}},
		{ID: "demo-attest-said", Title: "作证答复", Fields: []sim.Field{{Key: "thing1", Label: "同事"}, {Key: "thing2", Label: "事项"}, {Key: "thing3", Label: "答复"}}},
		{ID: "demo-leave-ask", Title: "请假待审批", Fields: []sim.Field{{Key: "thing1", Label: "请假人"}, {Key: "thing2", Label: "请假"}, {Key: "number3", Label: "假条号"}, {Key: "thing4", Label: "温馨提示"}}},
		{ID: "demo-leave-said", Title: "请假办理结果", Fields: []sim.Field{{Key: "thing1", Label: "请假"}, {Key: "thing2", Label: "结果"}, {Key: "number3", Label: "假条号"}, {Key: "thing4", Label: "温馨提示"}}},
		{ID: "demo-leave-deputy", Title: "请您代理", Fields: []sim.Field{{Key: "thing1", Label: "请假人"}, {Key: "thing2", Label: "时间"}, {Key: "number3", Label: "假条号"}, {Key: "thing4", Label: "温馨提示"}}},
		{ID: "demo-leave-back", Title: "销假提醒", Fields: []sim.Field{{Key: "thing1", Label: "到期"}, {Key: "number2", Label: "假条号"}, {Key: "thing3", Label: "温馨提示"}}},
		{ID: "demo-leave-over", Title: "逾期未销假", Fields: []sim.Field{{Key: "thing1", Label: "请假人"}, {Key: "thing2", Label: "到期日"}, {Key: "thing3", Label: "情况"}}},
		{ID: "demo-matter", Title: "事项移交", Fields: []sim.Field{{Key: "thing1", Label: "事项"}, {Key: "thing2", Label: "移交人"}, {Key: "number3", Label: "编号"}, {Key: "thing4", Label: "温馨提示"}}},
		{ID: "demo-matter-gone", Title: "事项已转走", Fields: []sim.Field{{Key: "thing1", Label: "事项"}, {Key: "thing2", Label: "经办"}, {Key: "number3", Label: "编号"}, {Key: "thing4", Label: "情况"}}},
		{ID: "demo-log", Title: "日志提醒", Fields: []sim.Field{{Key: "thing1", Label: "日期"}, {Key: "thing2", Label: "情况"}, {Key: "thing3", Label: "温馨提示"}}},
		{ID: "demo-selfeval", Title: "述职自评提醒", Fields: []sim.Field{{Key: "thing1", Label: "考核周期"}, {Key: "thing2", Label: "截止"}, {Key: "thing3", Label: "温馨提示"}}},
		{ID: "demo-photo", Title: "照片要重发", Fields: []sim.Field{{Key: "thing1", Label: "哪一项"}, {Key: "thing2", Label: "情况"}, {Key: "thing3", Label: "温馨提示"}}},
		{ID: "demo-draft", Title: "没办完的事", Fields: []sim.Field{{Key: "thing1", Label: "事项"}, {Key: "thing2", Label: "保留到"}, {Key: "thing3", Label: "温馨提示"}}},
		{ID: "demo-draft-ended", Title: "没办完的事已作废", Fields: []sim.Field{{Key: "thing1", Label: "事项"}, {Key: "thing2", Label: "作废时间"}, {Key: "thing3", Label: "情况"}}},
	}
}

// simPlaces are where somebody of the demo may be: an invented point for each
// village and town.
func simPlaces() []sim.Place {
	var out []sim.Place
	for i, town := range demoTowns() {
		for j, village := range town.Villages {
			out = append(out, sim.Place{
				Name: village + "村委会", Label: demoCounty + town.Name + village,
				Latitude: fmt.Sprintf("30.%02d4512", 20+4*i+j), Longitude: fmt.Sprintf("119.9%d8201", 1+3*i+j),
			})
		}
		out = append(out, sim.Place{
			Name: town.Name + "政府", Label: demoCounty + town.Name,
			Latitude: fmt.Sprintf("30.%02d7706", 20+4*i), Longitude: fmt.Sprintf("119.9%d5513", 1+3*i),
		})
	}
	return out
}

// codeBook holds the binding codes that the demo shows to whoever tries it. The
// database has only their keyed hashes.
type codeBook struct {
	mu sync.Mutex
	by map[string]handlers.Codes // by person's id
}

// people lists everybody for the simulator, with a binding code that is valid.
func (d *demo) people(ctx context.Context) ([]sim.Person, error) {
	cards, err := d.cards(ctx)
	if err != nil {
		return nil, err
	}
	openIDs := map[string]string{}
	for _, p := range demoPeople() {
		openIDs[p.Name+p.Phone[len(p.Phone)-4:]] = p.openID()
	}
	out := make([]sim.Person, 0, len(cards))
	for _, c := range cards {
		p := sim.Person{OpenID: c.OpenID, Name: c.Name, Village: c.Village, Bound: c.Bound, Phone4: c.Phone4}
		for _, r := range c.Roles {
			p.Roles = append(p.Roles, string(r))
		}
		if p.OpenID == "" {
			p.OpenID = openIDs[c.Name+c.Phone4]
		}
		if !p.Bound {
			codes, err := d.code(ctx, c.ID)
			if err != nil {
				return nil, err
			}
			p.Code = &codes.Code
		}
		out = append(out, p)
	}
	return out, nil
}

func (d *demo) cards(ctx context.Context) (cards []handlers.PersonCard, err error) {
	_, err = d.desk.Look(ctx, as("people", ""), func(v *handlers.View) (string, error) {
		cards, err = v.People()
		return "", err
	})
	return cards, err
}

// code returns a binding code that is valid for another hour at least.
func (d *demo) code(ctx context.Context, personID string) (handlers.Codes, error) {
	d.codes.mu.Lock()
	defer d.codes.mu.Unlock()
	c, ok := d.codes.by[personID]
	if ok && c.Expires.Sub(d.clock.Now()) > time.Hour {
		return c, nil
	}
	cmd := as("code", personID+":"+d.clock.Now().Format(time.RFC3339Nano))
	_, err := d.desk.Do(ctx, cmd, func(desk *handlers.Desk) (_ string, err error) {
		c, err = desk.IssueCode(personID)
		return "", err
	})
	if err == nil {
		d.codes.by[personID] = c
	}
	return c, err
}

// scenes are the codes that somebody could scan: his own binding code.
func (d *demo) scenes(ctx context.Context, openID string) ([]sim.Scene, error) {
	people, err := d.people(ctx)
	if err != nil {
		return nil, err
	}
	cards, err := d.cards(ctx)
	if err != nil {
		return nil, err
	}
	for i, p := range people {
		if p.OpenID == openID && !p.Bound {
			codes, err := d.code(ctx, cards[i].ID)
			return []sim.Scene{{Label: p.Name + "的绑定二维码", Scene: codes.Scene}}, err
		}
	}
	return nil, nil
}

// platform is the client of the simulated platform, wherever it listens.
func (d *demo) platform(base string) (*wechat.Client, error) {
	return wechat.NewClient(wechat.ClientOptions{
		AppID: d.account.AppID, Secret: d.account.Secret, BaseURL: base + "/sim/api",
		Timeout: 5 * time.Second, Tokens: d.cache, Now: d.clock.Now,
	})
}

// begin publishes the menu and runs the loops until ctx ends.
func (d *demo) begin(ctx context.Context) error {
	d.loops.Go(func() { d.loop(ctx) })
	return publishMenus(ctx, d.client)
}

// loop does in real time what a walk of the clock does at each instant. The crowd looks
// at what is open all the time: somebody in front of the page waits for it.
func (d *demo) loop(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if !d.clock.Walking() {
			now := d.clock.Now()
			if err := errors.Join(d.crowd.act(ctx, now), d.runDue(ctx, now)); err != nil && ctx.Err() == nil {
				d.log.ErrorContext(ctx, "demo: run", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		case <-tick.C:
		}
	}
}
