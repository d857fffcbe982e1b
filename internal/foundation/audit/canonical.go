package audit

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// object writes one JSON object in the canonical form of RFC 8785, member by
// member; whoever calls it keeps the members in alphabetical order.
type object struct {
	buf   []byte
	first bool
}

func (o *object) open()  { o.buf, o.first = append(o.buf, '{'), true }
func (o *object) close() { o.buf, o.first = append(o.buf, '}'), false }

func (o *object) name(name string) {
	if !o.first {
		o.buf = append(o.buf, ',')
	}
	o.first = false
	o.buf = append(appendString(o.buf, name), ':')
}

// text writes a member unless it is empty.
func (o *object) text(name, value string) {
	if value == "" {
		return
	}
	o.name(name)
	o.buf = appendString(o.buf, value)
}

func (o *object) raw(name, value string) {
	o.name(name)
	o.buf = append(o.buf, value...)
}

// nest writes a member that is an object, unless fill leaves it empty.
func (o *object) nest(name string, fill func()) {
	before, first := len(o.buf), o.first
	o.name(name)
	start := len(o.buf)
	o.open()
	fill()
	if len(o.buf) == start+1 {
		o.buf, o.first = o.buf[:before], first
		return
	}
	o.close()
}

func (o *object) texts(name string, m map[string]string) {
	o.nest(name, func() {
		for _, k := range sortedNames(m) {
			o.name(k)
			o.buf = appendString(o.buf, m[k])
		}
	})
}

func sortedNames(m map[string]string) []string {
	return slices.SortedFunc(maps.Keys(m), compareUTF16)
}

// compareUTF16 orders names as RFC 8785 §3.2.3 asks. It differs from the order of
// bytes only between the surrogate range and what lies above it.
func compareUTF16(a, b string) int {
	fix := func(r rune) rune {
		if r >= 0x10000 {
			return 0xD800 + (r-0x10000)>>10 // its first surrogate
		}
		return r
	}
	ra, rb := []rune(a), []rune(b)
	return slices.CompareFunc(ra, rb, func(x, y rune) int {
		if d := int(fix(x)) - int(fix(y)); d != 0 {
			return d
		}
		return int(x) - int(y)
	})
}

// appendString quotes s as RFC 8785 §3.2.2.2 asks: only what must be escaped is.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			b = appendASCII(b, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		b = utf8.AppendRune(b, r) // a broken byte becomes U+FFFD
		i += n
	}
	return append(b, '"')
}

func appendASCII(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, `\b`...)
	case '\t':
		return append(b, `\t`...)
	case '\n':
		return append(b, `\n`...)
	case '\f':
		return append(b, `\f`...)
	case '\r':
		return append(b, `\r`...)
	}
	if c < 0x20 {
		return fmt.Appendf(b, `\u%04x`, c)
	}
	return append(b, c)
}
