package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// try is one delivery of a message to one replica. Without an answer its
// outcome is not known.
type try struct {
	Replica int       `json:"replica"`
	From    time.Time `json:"from"` // by the real clock
	To      time.Time `json:"to"`
	Status  int       `json:"status"`
	Reply   string    `json:"reply,omitempty"`   // decrypted
	Success bool      `json:"success,omitempty"` // the word that ends the platform's tries, and no reply
}

func (t try) ok() bool { return t.Status == http.StatusOK }

// message is one line of the history: what a person sent, how the platform
// delivered it and what came back.
type message struct {
	Key    string `json:"key"`
	OpenID string `json:"openid"`
	Words  string `json:"words"`
	Copies int    `json:"copies"` // deliveries at the same instant
	Tries  []try  `json:"tries"`

	body string
	sent time.Time // by the rig's clock
}

// replies are the texts that were read.
func (m *message) replies() (out []string) {
	for _, t := range m.Tries {
		if t.ok() && !t.Success {
			out = append(out, t.Reply)
		}
	}
	return out
}

func (m *message) success() bool {
	for _, t := range m.Tries {
		if t.Success {
			return true
		}
	}
	return false
}

var receiptPattern = regexp.MustCompile(`回执：?([0-9A-Z]{6})`)

// receiptIn is the receipt that a text names.
func receiptIn(text string) string {
	if m := receiptPattern.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

const (
	saysNot    = "没有记录下来"
	saysUnsure = "是否记下还不能确定"
)

// The platform's manners: how long it waits for an answer, how often it sends a
// message, and how long it waits before it sends it again after a broken line.
const (
	platformTries = 3
	platformPause = 300 * time.Millisecond
)

// loader sends what people say, as the platform does.
type loader struct {
	*rig
	people atomic.Int64
	ids    atomic.Int64
	stop   chan struct{}
	copies int // of every message at the same instant; 0 means one, and sometimes more
	all    sync.WaitGroup

	mu      sync.Mutex
	history []*message
}

// newMessage is what a person sends now.
func (l *loader) newMessage(openID, words string, copies int) *message {
	id, at := l.ids.Add(1), l.clock.now()
	m := &message{OpenID: openID, Words: words, Copies: copies, sent: at}
	m.body = fmt.Sprintf("<xml><ToUserName>gh_rig</ToUserName><FromUserName>%s</FromUserName><CreateTime>%d</CreateTime>"+
		"<MsgType>text</MsgType><Content><![CDATA[%s]]></Content><MsgId>%d</MsgId></xml>", openID, at.Unix(), words, id)
	m.Key = fmt.Sprintf("%s:%s:%d:%d", l.wire.appID, openID, at.Unix(), id)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.history = append(l.history, m)
	return m
}

// run sends messages from so many people at once until finish is called, at
// most perSecond of them.
func (l *loader) run(workers, perSecond int) {
	l.stop = make(chan struct{})
	pace := time.NewTicker(time.Second / time.Duration(perSecond))
	for range workers {
		l.all.Go(func() {
			for {
				select {
				case <-l.stop:
					return
				case <-pace.C:
					l.say()
				}
			}
		})
	}
	l.all.Go(func() { <-l.stop; pace.Stop() })
}

// finish ends the load and waits for the messages under way.
func (l *loader) finish() {
	close(l.stop)
	l.all.Wait()
}

// say lets the next person do what people do.
func (l *loader) say() {
	openID := rigOpenID(int(l.people.Add(1)) % rigPeople)
	copies := 1
	if rand.N(4) == 0 {
		copies = 2 + rand.N(2)
	}
	if l.copies > 0 {
		copies = l.copies
	}
	switch n := rand.N(10); {
	case n < 6:
		l.deliver(l.newMessage(openID, "签到", copies))
	case n < 7: // a double tap: two messages
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { l.deliver(l.newMessage(openID, "签到", 1)) })
		}
		both.Wait()
	case n < 9:
		l.deliver(l.newMessage(openID, "谁在值班", copies))
	default:
		l.deliver(l.newMessage(openID, "我的记录", copies))
	}
}

// deliver sends a message until it is answered, three times at most, each time to
// another replica, as a balancer does with one that does not answer.
func (l *loader) deliver(m *message) {
	first := rand.N(len(l.replicas))
	for n := range platformTries {
		tries := make([]try, 1)
		if n == 0 {
			tries = make([]try, m.Copies)
		}
		var all sync.WaitGroup
		for i := range tries {
			all.Go(func() { tries[i] = l.post(m, l.replicas[(first+n+i)%len(l.replicas)]) })
		}
		all.Wait()
		answered := false
		l.mu.Lock()
		m.Tries = append(m.Tries, tries...)
		for _, t := range tries {
			answered = answered || t.ok()
		}
		l.mu.Unlock()
		if answered {
			return
		}
		time.Sleep(platformPause)
	}
}

// post delivers a message once.
func (l *loader) post(m *message, to *replica) (t try) {
	t = try{Replica: to.n, From: time.Now()}
	defer func() { t.To = time.Now() }()
	sealed, ts := l.wire.seal(m.body), strconv.FormatInt(l.clock.now().Unix(), 10)
	nonce := strconv.FormatUint(rand.Uint64(), 36)
	q := url.Values{
		"timestamp": {ts}, "nonce": {nonce}, "encrypt_type": {"aes"},
		"signature": {l.wire.sign(ts, nonce)}, "msg_signature": {l.wire.sign(ts, nonce, sealed)},
	}
	body := "<xml><ToUserName>gh_rig</ToUserName><Encrypt>" + sealed + "</Encrypt></xml>"
	res, err := rigHTTP.Post(to.base()+"/wechat?"+q.Encode(), "text/xml", strings.NewReader(body))
	if err != nil {
		return t
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		return t
	}
	t.Status = res.StatusCode
	switch {
	case !t.ok():
	case string(got) == "success":
		t.Success = true
	default:
		t.Reply = l.wire.read(string(got))
	}
	return t
}
