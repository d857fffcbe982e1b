package siem

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// Bounds of a message in bytes: every receiver of syslog over TLS takes 2,048,
// most take 8,192 (RFC 5425 §4.3.1), and one that is cut loses its end.
const (
	maxPlain = 2048
	maxEvent = 8192
)

// element is the SD-ID of our structured data. 32473 is the enterprise number
// for documentation (RFC 5612): Sekisho has none of its own yet.
const element = "sekisho@32473"

// Facility 13 is "log audit" (RFC 5424 §6.2.1).
const facility = 13

// Severities (RFC 5424 §6.2.1).
const (
	alert   = 1
	warning = 4
	notice  = 5
	info    = 6
)

// severity says how much an entry asks for attention.
func severity(e audit.Event) int {
	switch {
	case e.Kind == "audit.forged", e.Kind == "audit.vanished", e.Kind == "audit.rolled_back", e.Kind == "audit.unchecked":
		return alert
	case e.Decision == audit.Deny, strings.HasPrefix(e.Kind, "incident.reported"), e.Kind == "evidence.missing", e.Kind == "audit.dropped":
		return warning
	case strings.HasPrefix(e.Kind, "audit.alive"), strings.HasPrefix(e.Kind, "flows."):
		return info
	}
	return notice
}

// frame writes one entry with its length before it (RFC 5425 §4.3).
func frame(s Settings, e audit.Entry) ([]byte, error) {
	m, err := message(s, e)
	if err != nil {
		return nil, err
	}
	return append([]byte(strconv.Itoa(len(m))+" "), m...), nil
}

func message(s Settings, e audit.Entry) ([]byte, error) {
	if s.Format == OCSF {
		return inEvent(s, e)
	}
	return plain(s, e), nil
}

// header is everything before the structured data. MSGID is the entry's kind,
// as far as it fits.
func header(s Settings, e audit.Entry) string {
	kind := e.Event.Kind
	if len(kind) > 32 {
		kind = kind[:32]
	}
	return fmt.Sprintf("<%d>1 %s %s sekisho - %s ", facility*8+severity(e.Event), e.At.UTC().Format("2006-01-02T15:04:05.000000Z"), host(s.Host), kind)
}

// host is a HOSTNAME of RFC 5424: printable ASCII, at most 255 characters.
func host(name string) string {
	name = strings.Map(func(r rune) rune {
		if r > 32 && r < 127 {
			return r
		}
		return -1
	}, name)
	if name == "" || len(name) > 255 {
		return "-"
	}
	return name
}

// plain carries the entry as structured data. Where its detail would make it
// longer than every receiver takes, the detail is left out and "cut" says so:
// with number and hash the whole entry is found in the log.
func plain(s Settings, e audit.Entry) []byte {
	v, leaf := e.Event, tlog.RecordHash(e.Leaf)
	var b strings.Builder
	param := func(name, value string) {
		if value != "" {
			b.WriteString(" " + name + `="` + escape(value) + `"`)
		}
	}
	param("seq", strconv.FormatInt(e.Seq, 10))
	param("id", e.ID)
	param("kind", v.Kind)
	param("person", string(v.Actor.Person))
	param("role", string(v.Actor.Role))
	param("device", string(v.Actor.Device))
	param("process", v.Actor.Process)
	param("object", v.Object.Type)
	param("object_id", v.Object.ID)
	param("decision", v.Decision)
	param("reason", v.Reason)
	param("session", string(v.Session))
	param("customer", string(v.Customer))
	param("call", string(v.Call))
	if v.Late {
		param("late", "true")
	}
	param("leaf", hex.EncodeToString(leaf[:]))
	head, whole := header(s, e)+"["+element, b.String()
	for _, name := range slices.Sorted(maps.Keys(v.Detail)) {
		param("d_"+paramName(name), v.Detail[name])
	}
	if all := b.String(); len(head)+len(all)+1 <= maxPlain {
		return []byte(head + all + "]")
	}
	if len(head)+len(whole)+len(` cut="true"]`) > maxPlain {
		whole = fmt.Sprintf(` seq="%d" id="%s" leaf="%s"`, e.Seq, escape(e.ID), hex.EncodeToString(leaf[:]))
	}
	return []byte(head + whole + ` cut="true"]`)
}

// escape writes a PARAM-VALUE (RFC 5424 §6.3.3). Control characters, which some
// receivers take for the end of a message, become spaces.
func escape(value string) string {
	return strings.Map(func(r rune) rune {
		if r < 32 || r == 127 {
			return ' '
		}
		return r
	}, strings.NewReplacer(`\`, `\\`, `"`, `\"`, `]`, `\]`).Replace(strings.ToValidUTF8(value, "\uFFFD")))
}

// paramName is an SD-NAME: 1 to 32 printable ASCII characters without "=", space, "]" and quotes.
func paramName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r <= 32 || r >= 127 || r == '=' || r == ']' || r == '"' {
			return '_'
		}
		return r
	}, name)
	if len(name) > 30 {
		name = name[:30]
	}
	return name
}
