package testkit

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
)

// speech is how a protocol is cut into commands and answers.
type speech interface {
	// command reads what a client says next, and of which kind it is; empty if
	// there will be no answer.
	command(r *bufio.Reader) (frame []byte, kind string, err error)
	// answer reads a piece of what the server says, at most one answer long.
	answer(r *bufio.Reader) ([]byte, error)
}

// mysqlSpeech is that of MySQL and MariaDB without compression and TLS.
type mysqlSpeech struct{}

// The commands that a MySQL client sends.
const (
	mysqlQuit      = 0x01
	mysqlQuery     = 0x03
	mysqlPing      = 0x0e
	mysqlPrepare   = 0x16
	mysqlExecute   = 0x17
	mysqlCloseStmt = 0x19
	mysqlReset     = 0x1f
)

func (mysqlSpeech) command(r *bufio.Reader) ([]byte, string, error) {
	frame, err := mysqlPacket(r)
	if err != nil || len(frame) < 5 {
		return frame, "", err
	}
	if frame[3] != 0 { // it goes on with what began before: the login
		return frame, "", nil
	}
	return frame, mysqlKind(frame[4], frame[5:]), nil
}

func mysqlKind(command byte, rest []byte) string {
	switch command {
	case mysqlQuery:
		words := strings.Fields(string(rest[:min(len(rest), 64)]))
		if len(words) == 0 {
			return "QUERY"
		}
		return strings.ToUpper(strings.TrimRight(words[0], ";"))
	case mysqlPing:
		return "PING"
	case mysqlPrepare:
		return "PREPARE"
	case mysqlExecute:
		return "EXECUTE"
	case mysqlReset:
		return "RESET"
	case mysqlQuit, mysqlCloseStmt:
		return ""
	default:
		return "OTHER"
	}
}

func (mysqlSpeech) answer(r *bufio.Reader) ([]byte, error) { return mysqlPacket(r) }

// mysqlPacket reads a packet with its head: three bytes of length and a number.
func mysqlPacket(r *bufio.Reader) ([]byte, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	n := int(head[0]) | int(head[1])<<8 | int(head[2])<<16
	frame := make([]byte, 4+n)
	copy(frame, head)
	_, err := io.ReadFull(r, frame[4:])
	return frame, err
}

// redisSpeech is that of Redis, in its second and third version.
type redisSpeech struct{}

// errRedis is what no Redis says.
var errRedis = errors.New("this is not how Redis speaks")

func (redisSpeech) command(r *bufio.Reader) ([]byte, string, error) {
	frame, err := redisFrame(r, nil, 0)
	if err != nil {
		return frame, "", err
	}
	lines := strings.SplitN(string(frame), "\r\n", 4) // *n, $length, word, rest
	if len(lines) < 3 || lines[0] == "*0" {
		return frame, "OTHER", nil
	}
	return frame, strings.ToUpper(lines[2]), nil
}

func (redisSpeech) answer(r *bufio.Reader) ([]byte, error) { return redisFrame(r, nil, 0) }

// mostNested is how deep an answer may nest.
const mostNested = 16

// redisFrame reads a value with all that it holds.
func redisFrame(r *bufio.Reader, frame []byte, depth int) ([]byte, error) {
	line, err := r.ReadBytes('\n')
	frame = append(frame, line...)
	if err != nil {
		return frame, err
	}
	text := strings.TrimSpace(string(line))
	if text == "" || depth > mostNested {
		return frame, errRedis
	}
	switch text[0] {
	case '+', '-', ':', '_', ',', '#', '(':
		return frame, nil
	}
	n, err := strconv.Atoi(text[1:])
	if err != nil || n > 64<<20 {
		return frame, errRedis
	}
	switch text[0] {
	case '$', '!', '=':
		return redisText(r, frame, n)
	case '%':
		n *= 2
	case '*', '~', '>':
	default:
		return frame, errRedis
	}
	for range n {
		if frame, err = redisFrame(r, frame, depth+1); err != nil {
			return frame, err
		}
	}
	return frame, nil
}

func redisText(r *bufio.Reader, frame []byte, n int) ([]byte, error) {
	if n < 0 {
		return frame, nil
	}
	from := len(frame)
	frame = append(frame, make([]byte, n+2)...)
	_, err := io.ReadFull(r, frame[from:])
	return frame, err
}
