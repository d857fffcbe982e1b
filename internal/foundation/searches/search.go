package searches

import (
	"log/slog"
	"regexp"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/wire"
)

var (
	errName    = sekisho.Fail(sekisho.KindInvalid, "search.name")
	errQuery   = sekisho.Fail(sekisho.KindInvalid, "search.query")
	errMany    = sekisho.Fail(sekisho.KindConflict, "search.too_many")
	errUnknown = sekisho.Fail(sekisho.KindNotFound, "search.unknown")
	errNothing = sekisho.Fail(sekisho.KindInvalid, "search.nothing")
	errRows    = sekisho.Fail(sekisho.KindInvalid, "search.too_many_rows")
	errBusy    = sekisho.Fail(sekisho.KindBusy, "search.busy")
)

const (
	maxSaved = 50  // of one person
	maxName  = 60  // characters
	maxText  = 200 // characters
	maxID    = 64  // bytes
)

// Japan is the zone in which a day is meant: Japan has no summer time.
var Japan = time.FixedZone("JST", 9*60*60)

// Query is a search as people say it; what is empty does not narrow.
type Query struct {
	Text     string `json:"text"`
	Person   string `json:"person"`
	Device   string `json:"device"`
	Session  string `json:"session"`
	Customer string `json:"customer"`
	Call     string `json:"call"`
	Object   string `json:"object"`
	Kind     string `json:"kind"` // a kind, its beginning, or several with commas
	From     string `json:"from"` // a day in Japan, 2026-11-22
	To       string `json:"to"`   // the last day, inclusive
}

// LogValue hides what somebody looks for.
func (Query) LogValue() slog.Value { return slog.StringValue("[hidden]") }

var kindsForm = regexp.MustCompile(`^[a-z0-9_.,]{0,400}$`)

// Filter is the query as the log understands it, or what is wrong with it.
func (q Query) Filter() (f audit.Filter, err error) {
	for _, id := range []string{q.Person, q.Device, q.Session, q.Customer, q.Call, q.Object} {
		if len(id) > maxID || !wire.ValidText(id, maxID) {
			return f, errQuery
		}
	}
	if !wire.ValidText(q.Text, maxText) || !kindsForm.MatchString(q.Kind) {
		return f, errQuery
	}
	f = audit.Filter{
		Text: strings.TrimSpace(q.Text), Person: sekisho.PersonID(q.Person), Device: sekisho.DeviceID(q.Device),
		Session: sekisho.SessionID(q.Session), Customer: sekisho.CustomerID(q.Customer), Call: sekisho.CallID(q.Call), Object: q.Object,
	}
	if strings.Contains(q.Kind, ",") {
		f.Kinds = strings.Split(q.Kind, ",")
	} else {
		f.Kind = q.Kind
	}
	if f.From, err = day(q.From); err != nil {
		return audit.Filter{}, err
	}
	if f.To, err = day(q.To); err != nil {
		return audit.Filter{}, err
	}
	if !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1)
	}
	return f, nil
}

// day is the moment at which a day begins in Japan; "" is the zero time.
func day(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, Japan)
	if err != nil || t.Year() < 2000 || t.Year() > 2200 {
		return time.Time{}, errQuery.Because(err)
	}
	return t.UTC(), nil
}

// Saved is a search that somebody keeps.
type Saved struct {
	ID    sekisho.SearchID
	Name  string
	Query Query
	At    time.Time
}

// LogValue hides what somebody looks for.
func (Saved) LogValue() slog.Value { return slog.StringValue("[hidden]") }

func validName(name string) bool {
	return name != "" && wire.ValidText(name, maxName) && !strings.ContainsAny(name, "\r\n\t")
}
