package main

import (
	"bytes"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sheet"
	"github.com/cunkao/cunkao/sim"
	"github.com/cunkao/cunkao/testkit"
)

// shell runs command lines on the data of a demo.
type shell struct {
	t   *testing.T
	env map[string]string
}

func newShell(t *testing.T, d *demo, data string) *shell {
	t.Helper()
	return &shell{t, map[string]string{
		"CUNKAO_DATA": data, "CUNKAO_SEAL_KEY": hex.EncodeToString(d.parts.sealKey), "CUNKAO_LOG_LEVEL": "error",
	}}
}

func (s *shell) run(args ...string) (code int, out, errs string) {
	s.t.Helper()
	var o, e bytes.Buffer
	code = run(s.t.Context(), args, std{in: strings.NewReader(""), out: &o, err: &e, env: func(k string) (string, bool) {
		v, ok := s.env[k]
		return v, ok
	}})
	return code, o.String(), e.String()
}

// expect runs a command line that works and says something.
func (s *shell) expect(want string, args ...string) {
	s.t.Helper()
	if code, out, errs := s.run(args...); code != 0 || !strings.Contains(out, want) {
		s.t.Errorf("%q: %d\n%s%s\nwant %q", args, code, out, errs, want)
	}
}

// refuse runs a command line that does not work, and says why.
func (s *shell) refuse(want string, args ...string) {
	s.t.Helper()
	if code, out, errs := s.run(args...); code == 0 || !strings.Contains(errs, want) {
		s.t.Errorf("%q: %d\n%s%s\nwant %q", args, code, out, errs, want)
	}
}

func (d *demo) walkTo(t *testing.T, to string) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, to)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.clock.Walk(t.Context(), at, sim.Steps{Next: d.nextDue, Run: d.runDue, Log: d.log}); err != nil {
		t.Fatal(err)
	}
}

// TestCommandsTakeTheStepsOfAQuarter brings a quarter to its notice by the
// command line, as two organisations.
func TestCommandsTakeTheStepsOfAQuarter(t *testing.T) {
	testkit.Unraced(t)
	t.Parallel()
	data := t.TempDir()
	d := newTestDemo(t, models.Source{File: filepath.Join(data, "cunkao.db"), Unsynced: true})
	s := newShell(t, d, data)
	leader, other, org := d.holder(t, "town_leader", 0), d.holder(t, "town_leader", 1), d.holder(t, "org", 0)
	for _, p := range []sim.Person{leader, other, org} {
		d.crowd.play(p.OpenID)
	}
	d.walkTo(t, "2026-10-23T08:00:00+08:00")

	s.expect("2026Q3 镇党委审定", "quarter", "list", "--as", org.Name)
	s.expect("待审定：2026Q3 青石镇正职", "quarter", "list", "--as", leader.Name)
	step := func(as, key, name, code string) []string {
		return []string{"quarter", "step", name, "2026Q3", code, "--as", as, "--key", key}
	}
	s.refuse("没有等", step(org.Name, "00000000-0000-4000-8000-000000000000", "备案", "青石镇正职")...)
	s.refuse("没有等", step(other.Name, "00000000-0000-4000-8000-000000000001", "审定", "青石镇正职")...)
	s.expect("已审定：2026年第三季度 青石镇 正职", step(leader.Name, "00000000-0000-4000-8000-000000000002", "confirm", "青石镇正职")...)
	s.expect("已审定：2026年第三季度 青石镇 正职", step(leader.Name, "00000000-0000-4000-8000-000000000002", "confirm", "青石镇正职")...) // the same key: once
	s.refuse("已经用来办过别的事", step(leader.Name, "00000000-0000-4000-8000-000000000002", "审定", "青石镇其他村干部")...)
	s.refuse("没有等", step(leader.Name, "00000000-0000-4000-8000-000000000003", "审定", "青石镇正职")...)
	s.expect("已审定", step(leader.Name, "00000000-0000-4000-8000-000000000004", "审定", "青石镇其他村干部")...)
	s.expect("已审定", step(other.Name, "00000000-0000-4000-8000-000000000005", "审定", "柳河镇正职")...)
	s.expect("已审定", step(other.Name, "00000000-0000-4000-8000-000000000006", "审定", "柳河镇其他村干部")...)
	s.expect("已备案", step(org.Name, "00000000-0000-4000-8000-000000000007", "file", "青石镇正职")...)
	s.refuse("没有等", step(org.Name, "00000000-0000-4000-8000-000000000008", "公布", "青石镇正职")...)
	s.expect("已公布", step(leader.Name, "00000000-0000-4000-8000-000000000009", "publish", "青石镇正职")...)
	s.refuse("要一个UUID", step(org.Name, "", "公布", "青石镇正职")...)
	s.refuse("没有叫“谁也不是”的人", step("谁也不是", "00000000-0000-4000-8000-000000000010", "公布", "青石镇正职")...)
}

// holder is the n-th who holds a role.
func (d *demo) holder(t *testing.T, role string, n int) sim.Person {
	t.Helper()
	people, err := d.people(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		if len(p.Roles) == 1 && p.Roles[0] == role {
			if n--; n < 0 {
				return p
			}
		}
	}
	t.Fatalf("nobody is %s", role)
	return sim.Person{}
}

// TestCommandsTakeFactsOutAndIn exports the sheet, changes a value and brings it
// back: the score follows.
func TestCommandsTakeFactsOutAndIn(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	d := newTestDemo(t, models.Source{File: filepath.Join(data, "cunkao.db"), Unsynced: true})
	s := newShell(t, d, data)
	org, assessor := d.holder(t, "org", 0), d.holder(t, "assessor", 0)
	file := filepath.Join(data, "facts.xlsx")
	s.expect("已导出", "export", "facts", file, "--quarter", "2026Q3", "--as", org.Name)
	table := readTable(t, file)
	if len(table.Rows) < 400 {
		t.Fatalf("%d rows to fill", len(table.Rows))
	}

	changed := [][]string{table.Header}
	for _, r := range table.Rows {
		if r.Cells["村"] == "石桥村" && r.Cells["编号"] == "A7.1" {
			r.Cells["值"], r.Cells["说明"] = "否", "活动室面积不够"
			changed = append(changed, cellsOf(table.Header, r))
		}
	}
	s.importSheet(t, file, changed)
	imp := []string{"import", "facts", file, "--quarter", "2026Q3", "--as", assessor.Name, "--key", "00000000-0000-4000-8000-000000000001"}
	s.expect("已录入2026年第三季度考核数据1项", imp...)
	s.expect("已录入2026年第三季度考核数据1项", imp...)
	reply, err := d.sim.Say(t.Context(), d.person2(t, "石桥村").OpenID, "为什么 2026Q3 第2页")
	if err != nil || !strings.Contains(reply, "场所建设达标") || !strings.Contains(reply, "活动室面积不够") {
		t.Errorf("the reason is not told: %q, %v", reply, err)
	}

	// One wrong row, and nothing is taken in.
	good := append([]string(nil), changed[1]...)
	bad := append([]string(nil), changed[1]...)
	for i, h := range table.Header {
		switch h {
		case "值":
			good[i], bad[i] = "是", "一百"
		case "编号":
			bad[i] = "A7.2"
		}
	}
	s.importSheet(t, file, [][]string{table.Header, good, bad})
	s.refuse("第3行", "import", "facts", file, "--quarter", "2026Q3", "--as", assessor.Name, "--key", "00000000-0000-4000-8000-000000000002")
	reply, err = d.sim.Say(t.Context(), d.person2(t, "石桥村").OpenID, "为什么 2026Q3 第2页")
	if err != nil || !strings.Contains(reply, "活动室面积不够") {
		t.Errorf("half a file was taken in: %q, %v", reply, err)
	}
	s.refuse("没有办理这件事的权限", "export", "facts", file, "--quarter", "2026Q3", "--as", d.person2(t, "石桥村").Name)
}

// person2 is a bound cadre of a village.
func (d *demo) person2(t *testing.T, village string) sim.Person {
	t.Helper()
	people, err := d.people(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		if p.Village == village && p.Bound && p.Roles[0] == "cadre" {
			return p
		}
	}
	t.Fatalf("no cadre in %s", village)
	return sim.Person{}
}

func readTable(t *testing.T, file string) sheet.Table {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Read(bytes.NewReader(src), sheet.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func cellsOf(header []string, r sheet.Row) []string {
	out := make([]string, len(header))
	for i, h := range header {
		out[i] = r.Cells[h]
	}
	return out
}

func (s *shell) importSheet(t *testing.T, file string, rows [][]string) {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.Write(&b, "考核数据", rows[0], rows[1:]); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestConfigShowsWhatHoldsAndHidesSecrets(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("ab", 32)
	s := &shell{t, map[string]string{"CUNKAO_SEAL_KEY": secret, "CUNKAO_ADDR": "127.0.0.1:9999"}}
	code, out, errs := s.run("config")
	if code != 0 || !strings.Contains(out, "127.0.0.1:9999") || strings.Contains(out, secret) {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
	if code, out, errs := s.run("config", "--config", filepath.Join(t.TempDir(), "none.yaml")); code == 0 || out != "" || !strings.Contains(errs, "none.yaml") {
		t.Errorf("a file that is not there: %d\n%s%s", code, out, errs)
	}
	s.env["CUNKAO_WECHAT_TEMPLATES"] = "{step: {id: abc, fields: {thing1: what}}}"
	s.refuse("词在前", "config")
	s.env["CUNKAO_COUNTY_BONUS_PERCENT"], s.env["CUNKAO_ADDR"] = "90", "nowhere"
	if code, _, errs := s.run("config"); code == 0 || !strings.Contains(errs, "CUNKAO_COUNTY_BONUS_PERCENT") || !strings.Contains(errs, "CUNKAO_ADDR") {
		t.Errorf("not all mistakes at once: %d %s", code, errs)
	}
	if code, _, errs := s.run("serve"); code == 0 || !strings.Contains(errs, "CUNKAO_WECHAT_SECRET") {
		t.Errorf("serve without an account: %d %s", code, errs)
	}
}

// TestCommandsIssueABindingCode hands out a code, and the person binds with it.
func TestCommandsIssueABindingCode(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	d := newTestDemo(t, models.Source{File: filepath.Join(data, "cunkao.db"), Unsynced: true})
	s := newShell(t, d, data)
	org, me := d.holder(t, "org", 0), d.holder(t, "town_staff", 1)
	code, out, errs := s.run("code", me.Name, "--as", org.Name, "--key", "00000000-0000-4000-8000-000000000001")
	_, after, ok := strings.Cut(out, "绑定码：")
	if code != 0 || !ok || len(after) < 8 {
		t.Fatalf("%d %s%s", code, out, errs)
	}
	s.refuse("已经发过", "code", me.Name, "--as", org.Name, "--key", "00000000-0000-4000-8000-000000000001")
	s.refuse("没有办理这件事的权限", "code", me.Name, "--as", d.person2(t, "石桥村").Name, "--key", "00000000-0000-4000-8000-000000000002")
	s.refuse("已经绑定", "code", org.Name, "--as", org.Name, "--key", "00000000-0000-4000-8000-000000000003")
	for _, words := range []string{"绑定 " + after[:8] + " " + me.Phone4, "同意"} {
		if reply, err := d.sim.Say(t.Context(), me.OpenID, words); err != nil || !strings.Contains(reply, "绑定") {
			t.Fatalf("%s: %q, %v", words, reply, err)
		}
	}
	if got := d.holder(t, "town_staff", 1); !got.Bound {
		t.Error("not bound")
	}

	good := s.env["CUNKAO_SEAL_KEY"]
	s.env["CUNKAO_SEAL_KEY"] = strings.Repeat("ab", 32)
	s.refuse("CUNKAO_SEAL_KEY", "code", me.Name, "--as", org.Name, "--key", "00000000-0000-4000-8000-000000000009")
	s.env["CUNKAO_SEAL_KEY"] = good

	// With a picture, by the platform.
	srv := httptest.NewServer(d.handler())
	t.Cleanup(srv.Close)
	s.env["CUNKAO_WECHAT_APPID"], s.env["CUNKAO_WECHAT_TOKEN"] = d.account.AppID, d.account.Token
	s.env["CUNKAO_WECHAT_AES_KEY"], s.env["CUNKAO_WECHAT_SECRET"] = d.account.AESKey, d.account.Secret
	s.env["CUNKAO_WECHAT_API_BASE"] = srv.URL + "/sim/api"
	s.expect("二维码图片：http", "code", d.unbound(t, "town_staff").Name, "--as", org.Name, "--key", "00000000-0000-4000-8000-000000000004", "--qr")
	s.expect("菜单已发布", "menu", "publish")
}

func (d *demo) unbound(t *testing.T, role string) sim.Person {
	t.Helper()
	people, err := d.people(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		if !p.Bound && p.Roles[0] == role {
			return p
		}
	}
	t.Fatalf("no unbound %s", role)
	return sim.Person{}
}

func TestServeNeverHasTheSimulator(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{})
	for path, want := range map[string]int{"/sim/people": 404, "/sim/": 404, "/": 404, "/sim/api/cgi-bin/token": 404, "/healthz": 200, "/wechat": 403} {
		w := httptest.NewRecorder()
		d.routes().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}

// TestCommandsBringACountyIn starts from an empty database, as an operator does.
func TestCommandsBringACountyIn(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := &shell{t, map[string]string{"CUNKAO_DATA": data, "CUNKAO_SEAL_KEY": strings.Repeat("cd", 32), "CUNKAO_LOG_LEVEL": "error"}}
	file := filepath.Join(data, "people.xlsx")
	s.expect("已导出0行", "export", "people", file)
	header := readTable(t, file).Header
	s.refuse("空的", "import", "people", file)
	if n := len(readTable(t, file).Rows); n != 0 {
		t.Errorf("%d lines of the guide are taken for people", n)
	}
	good := [][]string{
		header,
		{"张三", "13900000001", "东镇", "甲村", "村党组织书记、村委会主任", "2024年1月5日", ""},
		{"李四", "１３９０００００００２", "东镇", "甲村", "党组织副书记", "2024/1/5", ""},
		{"王五", "13900000003", "东镇", "", "镇党委", "2024-01-05", ""},
		{"赵六", "13900000004", "", "", "县委组织部", "2024-01-05", ""},
	}
	bad := append(append([][]string{}, good...), []string{"钱七", "139", "东镇", "甲村", "村官", "去年", ""})
	s.importSheet(t, file, bad)
	s.refuse("第6行", "import", "people", file)
	s.refuse("没有叫“赵六”的人", "quarter", "list", "--as", "赵六")
	s.importSheet(t, file, good)
	s.expect("已导入4人", "import", "people", file)
	s.expect("还没有季度", "quarter", "list", "--as", "赵六")
	s.expect("已导入4人", "import", "people", file)
	again := [][]string{header, {"孙八", "13900000001", "西镇", "乙村", "村委会委员", "2024-01-05", ""}}
	s.importSheet(t, file, again)
	s.refuse("手机号已经登记", "import", "people", file)
	again[1][1] = "13900000005"
	s.importSheet(t, file, again)
	s.expect("已导入1人", "import", "people", file)
	s.expect("绑定码：", "code", "张三", "--as", "王五", "--key", "00000000-0000-4000-8000-000000000001")
	s.refuse("没有办理这件事的权限", "code", "孙八", "--as", "王五", "--key", "00000000-0000-4000-8000-000000000002")
	again[1][0], again[1][1] = "张三", "13900000006"
	s.importSheet(t, file, again)
	s.expect("已导入1人", "import", "people", file)
	s.expect("已导出6行", "export", "people", file)
	now := readTable(t, file)
	if got := now.Rows[1].Cells; got["姓名"] != "李四" || got["手机号"] != "139****0002" || got["身份"] != "党组织副书记" {
		t.Fatalf("the second row is %v", got)
	}
	s.importSheet(t, file, [][]string{now.Header, {"李四", "139****0002", "东镇", "甲村", "党组织副书记", "", "", "2026-10-31", ""}})
	s.expect("新登记0人，变动1行，照旧0行", "import", "people", file)
	s.expect("已导出6行", "export", "people", file)
	if got := readTable(t, file).Rows[1].Cells["截止日期"]; got != "2026-10-31" {
		t.Errorf("he goes on %q", got)
	}
	_, _, errs := s.run("code", "张三", "--as", "赵六", "--key", "00000000-0000-4000-8000-000000000005")
	two := regexp.MustCompile(`(?m)^(\w{26}) (.*)$`).FindAllStringSubmatch(errs, -1)
	if len(two) != 2 || two[0][2] != "甲村 村党组织书记兼村委会主任" || two[1][2] != "乙村 村委会委员" {
		t.Fatalf("of two with one name: %q", errs)
	}
	s.expect("绑定码：", "code", two[1][1], "--as", "赵六", "--key", "00000000-0000-4000-8000-000000000005")
	s.bringHolidays(data)
	s.env["CUNKAO_WORDING"] = filepath.Join(data, "words")
	if err := os.Mkdir(s.env["CUNKAO_WORDING"], 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.env["CUNKAO_WORDING"], "leave.yaml"), []byte("titel: 请假\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.refuse("leave.yaml第1行第1列：titel 没有这一项", "migrate")
}

// bringHolidays looks at a county's days off, takes them in and writes them out.
func (s *shell) bringHolidays(dir string) {
	s.t.Helper()
	file, back := filepath.Join(dir, "holidays.csv"), filepath.Join(dir, "back.csv")
	key := "00000000-0000-4000-8000-000000000003"
	table := "日期,类别,名称\n2027/2/5,休,春节\n2027/2/13,班,\n"
	if err := os.WriteFile(file, []byte(table+"2027-02-30,休,春节\n"), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.refuse("第4行“日期”", "import", "holidays", file, "--as", "赵六", "--preview")
	if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.expect("2027-02-13 周六：按国家安排 → 补班", "import", "holidays", file, "--as", "赵六", "--preview")
	s.expect("会改2天（没有入库）", "import", "holidays", file, "--as", "赵六", "--preview")
	s.refuse("--key", "import", "holidays", file, "--as", "赵六")
	s.refuse("没有办理这件事的权限", "import", "holidays", file, "--as", "王五", "--key", "00000000-0000-4000-8000-000000000004")
	s.expect("改了2天", "import", "holidays", file, "--as", "赵六", "--key", key)
	s.expect("没有要改的", "import", "holidays", file, "--as", "赵六", "--preview")
	s.expect("已导出2行", "export", "holidays", back, "--as", "赵六")
	got, err := os.ReadFile(back)
	if want := "\uFEFF日期,类别,名称,星期\r\n2027-02-05,休,春节,周五\r\n2027-02-13,班,,周六\r\n"; err != nil || string(got) != want {
		s.t.Errorf("%q, %v", got, err)
	}
	s.expect("没有要改的", "import", "holidays", back, "--as", "赵六", "--preview")
}
