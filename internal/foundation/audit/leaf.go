package audit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

var (
	errTooLarge  = sekisho.Fail(sekisho.KindInvalid, "audit.too_large")
	errMalformed = sekisho.Fail(sekisho.KindInvalid, "audit.malformed")

	kindForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+){1,3}$`)
)

const maxKind = 64

// record is an event on its way into the log.
type record struct {
	id    string
	at    int64 // µs
	leaf  []byte
	kind  string
	index index
	clear []clearValue
}

// index are the ids by which an entry is found: person, device, session,
// object, customer, call.
type index [6]string

type clearValue struct {
	field, value string
	salt         []byte
}

// origin of a record in time and process, for whoever has to explain a clock that jumped.
type stamp struct {
	id   string
	at   time.Time
	mono time.Duration
	boot string
}

// encode makes the leaf: JSON in the canonical form of RFC 8785, whose members
// come in alphabetical order and leave out what is empty.
func encode(e Event, s stamp) (*record, error) {
	if len(e.Kind) > maxKind || !kindForm.MatchString(e.Kind) {
		return nil, errMalformed.Because(fmt.Errorf("kind %q", e.Kind))
	}
	if e.Decision != "" && e.Decision != Allow && e.Decision != Deny {
		return nil, errMalformed.Because(fmt.Errorf("decision %q", e.Decision))
	}
	if !opaque(string(e.Customer)) || !opaque(string(e.Call)) {
		return nil, errMalformed.Because(errors.New("a customer or a call is not named by an id")) // what stands there may be personal
	}
	r := &record{id: s.id, at: s.at.UnixMicro(), kind: e.Kind, index: index{
		clean(string(e.Actor.Person)), clean(string(e.Actor.Device)), clean(string(e.Session)), clean(e.Object.ID), string(e.Customer), string(e.Call)}}
	commitments, err := r.commit(e.Personal)
	if err != nil {
		return nil, err
	}
	o := object{buf: make([]byte, 0, 512)}
	o.open()
	o.nest("actor", func() {
		o.text("device", r.index[1])
		o.text("person", r.index[0])
		o.text("process", e.Actor.Process)
		o.text("role", string(e.Actor.Role))
	})
	o.text("at", s.at.UTC().Format(timeForm))
	o.text("boot", s.boot)
	o.text("call", r.index[5])
	o.text("customer", r.index[4])
	o.text("decision", e.Decision)
	o.texts("detail", e.Detail)
	o.text("id", s.id)
	o.text("kind", e.Kind)
	if e.Late {
		o.raw("late", "true")
	}
	o.raw("mono", strconv.FormatInt(s.mono.Microseconds(), 10))
	o.nest("object", func() {
		o.text("id", r.index[3])
		o.text("type", e.Object.Type)
	})
	o.texts("personal", commitments)
	o.text("reason", e.Reason)
	o.text("session", r.index[2])
	o.raw("v", "1")
	o.close()
	if r.leaf = o.buf; len(r.leaf) > checkpoint.MaxEntry {
		return nil, errTooLarge.Because(fmt.Errorf("%s: %d bytes", e.Kind, len(r.leaf)))
	}
	return r, nil
}

// opaque says whether an id, where there is one, is of the house's own making: a
// telephone number or a membership number is not.
func opaque(id string) bool { return id == "" || wire.ValidID(id) }

const timeForm = "2006-01-02T15:04:05.000000Z"

// commit draws a salt for each personal value and returns the commitments.
func (r *record) commit(personal Personal) (map[string]string, error) {
	if len(personal) == 0 {
		return nil, nil
	}
	out := make(map[string]string, len(personal))
	for _, field := range slices.Sorted(maps.Keys(personal)) {
		v := clearValue{field: clean(field), value: clean(personal[field]), salt: make([]byte, 32)}
		_, _ = rand.Read(v.salt) // crypto/rand never fails
		if len(v.value) > checkpoint.MaxEntry {
			return nil, errTooLarge.Because(errors.New("a personal value"))
		}
		r.clear = append(r.clear, v)
		out[v.field] = v.commitment()
	}
	return out, nil
}

// commitment is HMAC-SHA-256 under the value's own salt: without the salt,
// which goes with the value, nobody can try names or numbers against it.
func (v clearValue) commitment() string {
	m := hmac.New(sha256.New, v.salt)
	_, _ = m.Write([]byte(v.field + "\x00" + v.value)) // a hash never fails
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// clean makes text storable on both engines: valid UTF-8 without NUL.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// leafJSON is how a leaf is read back.
type leafJSON struct {
	Actor struct {
		Person  sekisho.PersonID `json:"person"`
		Device  sekisho.DeviceID `json:"device"`
		Role    sekisho.Role     `json:"role"`
		Process string           `json:"process"`
	} `json:"actor"`
	At       time.Time          `json:"at"`
	Boot     string             `json:"boot"`
	Call     sekisho.CallID     `json:"call"`
	Customer sekisho.CustomerID `json:"customer"`
	Decision string             `json:"decision"`
	Detail   map[string]string  `json:"detail"`
	ID       string             `json:"id"`
	Kind     string             `json:"kind"`
	Late     bool               `json:"late"`
	Mono     int64              `json:"mono"`
	Object   struct {
		ID   string `json:"id"`
		Type string `json:"type"`
	} `json:"object"`
	Personal map[string]string `json:"personal"` // commitments
	Reason   string            `json:"reason"`
	Session  sekisho.SessionID `json:"session"`
	V        int               `json:"v"`
}

func decode(leaf []byte) (l leafJSON, err error) {
	if err = json.Unmarshal(leaf, &l); err != nil {
		return leafJSON{}, fmt.Errorf("audit: leaf: %w", err)
	}
	if l.V != 1 || l.ID == "" || l.Kind == "" {
		return leafJSON{}, errors.New("audit: leaf: not of a known version")
	}
	return l, nil
}

// event turns a leaf back into what the room said; values come from the side table.
func (l leafJSON) event() Event {
	return Event{Kind: l.Kind, Actor: Actor(l.Actor), Object: Object{Type: l.Object.Type, ID: l.Object.ID},
		Decision: l.Decision, Reason: l.Reason, Session: l.Session, Customer: l.Customer, Call: l.Call, Detail: l.Detail, Late: l.Late}
}

func (l leafJSON) index() index {
	return index{string(l.Actor.Person), string(l.Actor.Device), string(l.Session), l.Object.ID, string(l.Customer), string(l.Call)}
}
