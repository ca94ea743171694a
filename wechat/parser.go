package wechat

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf8"
)

// maxDepth is how many elements may be open at once. The deepest push of the
// platform has five.
const maxDepth = 8

// kind tells the events of a parser apart.
type kind int

const (
	done  kind = iota // the document has ended as it should
	leaf              // an element without elements in it has ended
	inner             // an element with elements in it has ended
)

// span is a piece of the source, by offsets, so that it costs nothing to keep.
type span struct{ from, to int }

// event is the end of an element. Its depth is 1 for the root.
type event struct {
	kind   kind
	depth  int
	tag    span
	parent span
	text   span
	joined []byte // the text, where it is no one piece of the source
}

// frame is an element that is open.
type frame struct {
	tag     span
	text    span
	joined  []byte
	pieces  int
	parents bool // it has elements in it
}

// parser reads the XML the platform sends: one root named xml, elements,
// CDATA, the five entities and character references. Comments and processing
// instructions are skipped, attributes ignored. A DOCTYPE is refused, so there
// are no entities to expand and no files to open. encoding/xml would do, at ten
// times the allocations, and is lenient about trailing bytes.
type parser struct {
	src   []byte
	at    int
	depth int
	stack [maxDepth]frame
	ended bool // the root has ended
}

var (
	errCut     = errors.New("document is cut off")
	errTag     = errors.New("bad tag")
	errDeep    = errors.New("nested too deep")
	errDoctype = errors.New("document type or declaration")
	errRoot    = errors.New("not one root named xml")
)

func (p *parser) slice(s span) []byte { return p.src[s.from:s.to] }

func (p *parser) name(e event) []byte { return p.slice(e.tag) }

// value is the text of a leaf.
func (p *parser) value(e event) []byte {
	if e.joined != nil {
		return e.joined
	}
	return p.slice(e.text)
}

// next reads on to the next end of an element.
func (p *parser) next() (event, error) {
	if p.at == 0 {
		p.at = len(p.src) - len(bytes.TrimPrefix(p.src, []byte("\xef\xbb\xbf")))
	}
	for p.at < len(p.src) {
		e, err := p.step()
		if err != nil || e.kind != done {
			return e, err
		}
	}
	if !p.ended {
		return event{}, errCut
	}
	return event{}, nil
}

// step reads one token. It returns an event of kind done if none has ended.
func (p *parser) step() (event, error) {
	rest := p.src[p.at:]
	switch {
	case rest[0] != '<':
		return event{}, p.words()
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return event{}, p.cdata()
	case bytes.HasPrefix(rest, []byte("<!--")):
		return event{}, p.skip(4, "-->")
	case bytes.HasPrefix(rest, []byte("<?")):
		return event{}, p.skip(2, "?>")
	case bytes.HasPrefix(rest, []byte("<!")):
		return event{}, errDoctype
	case bytes.HasPrefix(rest, []byte("</")):
		return p.closing()
	}
	return p.opening()
}

// skip passes over what ends with end, of which the first n bytes are read.
func (p *parser) skip(n int, end string) error {
	i := bytes.Index(p.src[p.at+n:], []byte(end))
	if i < 0 {
		return errCut
	}
	p.at += n + i + len(end)
	return nil
}

// words reads text up to the next tag.
func (p *parser) words() error {
	s := span{p.at, len(p.src)}
	if i := bytes.IndexByte(p.src[p.at:], '<'); i >= 0 {
		s.to = p.at + i
	}
	p.at = s.to
	if p.depth == 0 {
		if len(bytes.TrimSpace(p.slice(s))) > 0 {
			return errRoot
		}
		return nil
	}
	if bytes.IndexByte(p.slice(s), '&') >= 0 {
		p.join(unentity(p.slice(s)))
		return nil
	}
	p.piece(s)
	return nil
}

func (p *parser) cdata() error {
	from := p.at + len("<![CDATA[")
	if err := p.skip(len("<![CDATA["), "]]>"); err != nil {
		return err
	}
	if p.depth == 0 {
		return errRoot
	}
	p.piece(span{from, p.at - len("]]>")})
	return nil
}

// piece adds a part of the source to the text of the open element.
func (p *parser) piece(s span) {
	f := &p.stack[p.depth-1]
	if f.parents {
		return // what stands between elements is layout
	}
	if f.pieces == 0 {
		f.text, f.pieces = s, 1
		return
	}
	p.join(p.slice(s))
}

// join adds bytes that are no part of the source, or no longer the only one.
func (p *parser) join(b []byte) {
	f := &p.stack[p.depth-1]
	if f.parents {
		return
	}
	if f.joined == nil {
		f.joined = append(make([]byte, 0, len(b)+f.text.to-f.text.from), p.slice(f.text)...)
	}
	f.joined = append(f.joined, b...)
	f.pieces++
}

func (p *parser) opening() (event, error) {
	from := p.at + 1
	p.at = from
	for p.at < len(p.src) && inName(p.src[p.at]) {
		p.at++
	}
	tag := span{from, p.at}
	empty, err := p.attributes()
	if err != nil {
		return event{}, err
	}
	switch {
	case tag.from == tag.to:
		return event{}, errTag
	case p.depth == 0 && (p.ended || string(p.slice(tag)) != "xml"):
		return event{}, errRoot
	case p.depth == maxDepth:
		return event{}, errDeep
	}
	if p.depth > 0 {
		p.stack[p.depth-1].parents = true
	}
	p.stack[p.depth] = frame{tag: tag}
	p.depth++
	if empty {
		return p.end(), nil
	}
	return event{}, nil
}

// attributes passes over the rest of an opening tag.
func (p *parser) attributes() (empty bool, err error) {
	quote := byte(0)
	for ; p.at < len(p.src); p.at++ {
		c := p.src[p.at]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			return false, errTag
		case c == '>':
			p.at++
			return p.src[p.at-2] == '/', nil
		}
	}
	return false, errCut
}

func (p *parser) closing() (event, error) {
	from := p.at + len("</")
	i := bytes.IndexByte(p.src[from:], '>')
	if i < 0 {
		return event{}, errCut
	}
	p.at = from + i + 1
	name := bytes.TrimRight(p.src[from:from+i], " \t\r\n")
	if p.depth == 0 || !bytes.Equal(name, p.slice(p.stack[p.depth-1].tag)) {
		return event{}, errTag
	}
	return p.end(), nil
}

// end takes the innermost element off the stack.
func (p *parser) end() event {
	f := p.stack[p.depth-1]
	e := event{kind: leaf, depth: p.depth, tag: f.tag, text: f.text, joined: f.joined}
	if f.parents {
		e.kind, e.text, e.joined = inner, span{}, nil
	}
	p.depth--
	if p.depth > 0 {
		e.parent = p.stack[p.depth-1].tag
	}
	p.ended = p.depth == 0
	return e
}

func inName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '_' || c == '-' || c == '.' || c == ':' || c >= utf8.RuneSelf
}

// unentity replaces the entities that XML has without a document type. Others
// are left as they stand: somebody typed them.
func unentity(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			return append(out, b...)
		}
		out, b = append(out, b[:i]...), b[i:]
		end := bytes.IndexByte(b[:min(len(b), 12)], ';')
		r := rune(-1)
		if end > 0 {
			r = entity(string(b[1:end]))
		}
		if r < 0 {
			out, b = append(out, '&'), b[1:]
			continue
		}
		out, b = utf8.AppendRune(out, r), b[end+1:]
	}
	return out
}

// entity is the character an entity stands for, or -1.
func entity(name string) rune {
	switch name {
	case "amp":
		return '&'
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "quot":
		return '"'
	case "apos":
		return '\''
	}
	if len(name) < 2 || name[0] != '#' {
		return -1
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	if err != nil {
		return -1
	}
	return rune(n)
}
