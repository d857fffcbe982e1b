package wire

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
)

// maxSettings bounds a configuration file.
const maxSettings = 64 << 10

var errSettings = sekisho.Fail(sekisho.KindInvalid, "settings.malformed")

// ParseSettings reads a configuration file (agent.toml, sekisho.toml) into the
// struct that into points to. Fields are named by their `toml` tag; a nested
// struct is a [table]. Keys that the file does not name keep their value, so
// fill in the defaults first.
//
// It reads the subset of TOML 1.0 that a person writes: comments, [tables] and
// [dotted.tables], bare keys, "basic" and 'literal' strings, integers, true and
// false, and arrays of strings over several lines. A time.Duration is a string
// such as "30s". Everything else is an error that names its line: an unknown
// key, a key twice, a value of another kind. A mistyped setting must never
// silently mean the default.
func ParseSettings(text []byte, into any) error {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.Elem().Kind() != reflect.Struct {
		return errors.New("wire: settings go into a pointer to a struct")
	}
	if len(text) > maxSettings || !utf8.Valid(text) {
		return errSettings.Because(errors.New("not a text file of at most 64 KiB"))
	}
	p := settingsParser{rest: strings.ReplaceAll(string(text), "\r\n", "\n"), line: 1, seen: map[string]int{}}
	if err := p.document(target.Elem()); err != nil {
		return errSettings.Because(fmt.Errorf("line %d: %w", p.line, err))
	}
	return nil
}

type settingsParser struct {
	rest string
	line int
	seen map[string]int // dotted key → line
}

func (p *settingsParser) document(root reflect.Value) error {
	table, prefix := root, ""
	for {
		p.blank(true)
		switch {
		case p.rest == "":
			return nil
		case p.rest[0] == '[':
			path, err := p.header()
			if err != nil {
				return err
			}
			if table, err = tableAt(root, path); err != nil {
				return err
			}
			prefix = strings.Join(path, ".") + "."
			if err := p.once("[" + prefix); err != nil {
				return err
			}
		default:
			if err := p.pair(table, prefix); err != nil {
				return err
			}
		}
		if err := p.endOfLine(); err != nil {
			return err
		}
	}
}

// once refuses a second use of a key.
func (p *settingsParser) once(key string) error {
	if first, ok := p.seen[key]; ok {
		return fmt.Errorf("%q is already set on line %d", strings.Trim(key, "[."), first)
	}
	p.seen[key] = p.line
	return nil
}

// blank skips spaces and comments, and line ends too if asked.
func (p *settingsParser) blank(lines bool) {
	for p.rest != "" {
		switch c := p.rest[0]; {
		case c == ' ' || c == '\t':
			p.rest = p.rest[1:]
		case c == '#':
			end := strings.IndexByte(p.rest, '\n')
			if end < 0 {
				end = len(p.rest)
			}
			p.rest = p.rest[end:]
		case c == '\n' && lines:
			p.rest = p.rest[1:]
			p.line++
		default:
			return
		}
	}
}

func (p *settingsParser) endOfLine() error {
	p.blank(false)
	if p.rest != "" && p.rest[0] != '\n' {
		return errors.New("one setting a line: something follows the value")
	}
	return nil
}

func (p *settingsParser) key() (string, error) {
	n := 0
	for n < len(p.rest) && (p.rest[n] == '_' || p.rest[n] == '-' || p.rest[n]-'a' < 26 || p.rest[n]-'A' < 26 || p.rest[n]-'0' < 10) {
		n++
	}
	if n == 0 {
		return "", errors.New("a name of letters, digits, _ or - is expected here")
	}
	key := p.rest[:n]
	p.rest = p.rest[n:]
	return key, nil
}

func (p *settingsParser) header() (path []string, err error) {
	p.rest = p.rest[1:]
	for {
		p.blank(false)
		key, err := p.key()
		if err != nil {
			return nil, err
		}
		path = append(path, key)
		p.blank(false)
		switch {
		case strings.HasPrefix(p.rest, "."):
			p.rest = p.rest[1:]
		case strings.HasPrefix(p.rest, "]"):
			p.rest = p.rest[1:]
			return path, nil
		default:
			return nil, errors.New("a table is written [name]")
		}
	}
}

func (p *settingsParser) pair(table reflect.Value, prefix string) error {
	key, err := p.key()
	if err != nil {
		return err
	}
	p.blank(false)
	if !strings.HasPrefix(p.rest, "=") {
		return fmt.Errorf("%q needs = and a value", prefix+key)
	}
	p.rest = p.rest[1:]
	p.blank(false)
	field, ok := fieldNamed(table, key)
	if !ok || (field.Kind() == reflect.Struct) {
		return fmt.Errorf("there is no setting %q", prefix+key)
	}
	if err := p.once(prefix + key); err != nil {
		return err
	}
	value, err := p.value()
	if err != nil {
		return err
	}
	if err := assign(field, value); err != nil {
		return fmt.Errorf("%q: %w", prefix+key, err)
	}
	return nil
}

// value reads a string, bool, int64 or []string.
func (p *settingsParser) value() (any, error) {
	switch {
	case p.rest == "" || p.rest[0] == '\n':
		return nil, errors.New("the value is missing")
	case p.rest[0] == '"' || p.rest[0] == '\'':
		return p.text()
	case p.rest[0] == '[':
		return p.array()
	}
	n := strings.IndexAny(p.rest, " \t\n#,]")
	if n < 0 {
		n = len(p.rest)
	}
	word := p.rest[:n]
	p.rest = p.rest[n:]
	switch word {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	if i, err := strconv.ParseInt(strings.ReplaceAll(word, "_", ""), 10, 64); err == nil {
		return i, nil
	}
	return nil, errors.New(`write texts in "quotes", numbers as digits, switches as true or false`)
}

func (p *settingsParser) array() (any, error) {
	p.rest = p.rest[1:]
	out := []string{}
	for {
		p.blank(true)
		if strings.HasPrefix(p.rest, "]") {
			p.rest = p.rest[1:]
			return out, nil
		}
		if p.rest == "" || (p.rest[0] != '"' && p.rest[0] != '\'') {
			return nil, errors.New(`a list holds texts: ["one", "two"]`)
		}
		s, err := p.text()
		if err != nil {
			return nil, err
		}
		out = append(out, s)
		p.blank(true)
		switch {
		case strings.HasPrefix(p.rest, ","):
			p.rest = p.rest[1:]
		case !strings.HasPrefix(p.rest, "]"):
			return nil, errors.New("texts in a list are parted by commas")
		}
	}
}

// text reads one quoted string on one line.
func (p *settingsParser) text() (string, error) {
	quote := p.rest[0]
	var b strings.Builder
	for i := 1; i < len(p.rest); i++ {
		c := p.rest[i]
		switch {
		case c == quote:
			p.rest = p.rest[i+1:]
			return b.String(), nil
		case c == '\n':
			return "", errors.New("the closing quote is missing")
		case c < 0x20 && c != '\t' || c == 0x7f:
			return "", errors.New("a control character stands in a text")
		case c == '\\' && quote == '"':
			r, n, err := escape(p.rest[i:])
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
			i += n - 1
		default:
			b.WriteByte(c)
		}
	}
	return "", errors.New("the closing quote is missing")
}

// escape reads one escape sequence of a basic string and tells its length.
func escape(s string) (rune, int, error) {
	bad := errors.New(`\ must be followed by one of b t n f r " \ uXXXX; use 'single quotes' for Windows paths`)
	if len(s) < 2 {
		return 0, 0, bad
	}
	if i := strings.IndexByte(`btnfr"\`, s[1]); i >= 0 {
		return rune("\b\t\n\f\r\"\\"[i]), 2, nil
	}
	if s[1] == 'u' && len(s) >= 6 {
		if n, err := strconv.ParseUint(s[2:6], 16, 32); err == nil && utf8.ValidRune(rune(n)) {
			return rune(n), 6, nil
		}
	}
	return 0, 0, bad
}

func fieldNamed(table reflect.Value, key string) (reflect.Value, bool) {
	for i := range table.NumField() {
		if f := table.Type().Field(i); f.IsExported() && f.Tag.Get("toml") == key {
			return table.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func tableAt(root reflect.Value, path []string) (reflect.Value, error) {
	at := root
	for i, key := range path {
		f, ok := fieldNamed(at, key)
		if !ok || f.Kind() != reflect.Struct {
			return at, fmt.Errorf("there is no table [%s]", strings.Join(path[:i+1], "."))
		}
		at = f
	}
	return at, nil
}

func assign(field reflect.Value, value any) error {
	switch v := value.(type) {
	case string:
		if field.Type() == reflect.TypeFor[time.Duration]() {
			d, err := time.ParseDuration(v)
			if err != nil || d < 0 {
				return errors.New(`a time is written as "30s" or "5m"`)
			}
			field.SetInt(int64(d))
			return nil
		}
		if field.Kind() == reflect.String {
			field.SetString(v)
			return nil
		}
	case bool:
		if field.Kind() == reflect.Bool {
			field.SetBool(v)
			return nil
		}
	case int64:
		if field.CanInt() && field.Type() != reflect.TypeFor[time.Duration]() && !field.OverflowInt(v) {
			field.SetInt(v)
			return nil
		}
	case []string:
		if field.Type() == reflect.TypeFor[[]string]() {
			field.Set(reflect.ValueOf(v))
			return nil
		}
	}
	return fmt.Errorf("this setting is %s", kindInWords(field))
}

func kindInWords(f reflect.Value) string {
	switch {
	case f.Type() == reflect.TypeFor[time.Duration]():
		return `a time such as "30s"`
	case f.Kind() == reflect.Bool:
		return "true or false"
	case f.CanInt():
		return "a number"
	case f.Kind() == reflect.Slice:
		return `a list of texts: ["one", "two"]`
	}
	return `a text in "quotes"`
}
