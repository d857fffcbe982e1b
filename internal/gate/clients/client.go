package clients

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
)

// Client is one client company.
type Client struct {
	ID      sekisho.ClientID
	Name    string
	Created time.Time
	Ended   time.Time // zero while the contract goes on
}

// Work is what is done for a client.
type Work struct {
	ID      sekisho.WorkID
	Client  sekisho.ClientID
	Name    string
	Created time.Time
	Ended   time.Time // zero while it goes on
}

// Assignment is one person on one work, from the start of a day to the end of
// another, in Japan.
type Assignment struct {
	ID            sekisho.AssignmentID
	Work          sekisho.WorkID
	Person        sekisho.PersonID
	From          time.Time // inclusive
	Until         time.Time // exclusive; zero: no end is known
	Subcontracted bool      // 再委託: the person is a subcontractor's
}

// Covers says whether a moment lies within the assignment.
func (a Assignment) Covers(at time.Time) bool {
	return !at.Before(a.From) && (a.Until.IsZero() || at.Before(a.Until))
}

// overlaps says whether two assignments share a moment.
func (a Assignment) overlaps(b Assignment) bool {
	return (b.Until.IsZero() || a.From.Before(b.Until)) && (a.Until.IsZero() || b.From.Before(a.Until))
}

// Change is what an administrator changes of a client or a work; nil leaves it.
type Change struct {
	Name  *string
	Ended *bool
}

// Japan is where the days of assignments begin and end: UTC+9, without summer time.
var Japan = time.FixedZone("JST", 9*60*60)

const dayForm = "2006-01-02"

// ParseDay gives the start of a day in Japan, written as 2026-04-01 (RFC 3339
// full-date), from 2000 to 2199.
func ParseDay(text string) (time.Time, error) {
	day, err := time.ParseInLocation(dayForm, text, Japan)
	if err != nil || day.Year() < 2000 || day.Year() > 2199 {
		return time.Time{}, errDay
	}
	return day.UTC(), nil
}

// Day writes the day in Japan of a moment; the zero time is "".
func Day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(Japan).Format(dayForm)
}

// LastDay writes the last day of an assignment that ends before until.
func LastDay(until time.Time) string {
	if until.IsZero() {
		return ""
	}
	return Day(until.Add(-time.Microsecond))
}

const (
	maxName        = 100    // characters
	maxClients     = 1_000  // in one centre
	maxWorks       = 200    // of one client
	maxAssignments = 20_000 // of one client, past ones included
	maxAuditors    = 50     // of one client
)

func validName(s string) bool {
	return strings.TrimSpace(s) != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxName && !strings.ContainsFunc(s, unicode.IsControl)
}

var (
	errName      = sekisho.Fail(sekisho.KindInvalid, "client.name")
	errTaken     = sekisho.Fail(sekisho.KindConflict, "client.name_taken")
	errDay       = sekisho.Fail(sekisho.KindInvalid, "client.day")
	errDays      = sekisho.Fail(sekisho.KindInvalid, "client.days")
	errUnknown   = sekisho.Fail(sekisho.KindNotFound, "client.unknown")
	errWork      = sekisho.Fail(sekisho.KindNotFound, "client.work_unknown")
	errAssigned  = sekisho.Fail(sekisho.KindNotFound, "client.assignment_unknown")
	errOverlap   = sekisho.Fail(sekisho.KindConflict, "client.overlap")
	errNoWorker  = sekisho.Fail(sekisho.KindInvalid, "client.not_operator")
	errEnded     = sekisho.Fail(sekisho.KindDenied, "client.ended")
	errMany      = sekisho.Fail(sekisho.KindConflict, "client.too_many")
	errAuditor   = sekisho.Fail(sekisho.KindInvalid, "client.not_auditor")
	errElsewhere = sekisho.Fail(sekisho.KindConflict, "client.auditor_elsewhere")
	errRelease   = sekisho.Fail(sekisho.KindConflict, "client.auditor_release")
	errDesktop   = sekisho.Fail(sekisho.KindConflict, "client.desktop_belongs")
)
