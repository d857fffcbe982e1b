package reports

import (
	"log/slog"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

var (
	errSpan      = sekisho.Fail(sekisho.KindInvalid, "report.span")
	errAddressee = sekisho.Fail(sekisho.KindInvalid, "report.addressee")
	errWhose     = sekisho.Fail(sekisho.KindConflict, "report.whose")
	errFormat    = sekisho.Fail(sekisho.KindInvalid, "report.format")
	errLanguage  = sekisho.Fail(sekisho.KindInvalid, "report.language")
	errUnknown   = sekisho.Fail(sekisho.KindNotFound, "report.unknown")
	errTooLarge  = sekisho.Fail(sekisho.KindInvalid, "report.too_large")
)

const (
	maxDays      = 400
	maxAddressee = 100 // characters
	maxFile      = 4 << 20
)

// Languages of a report.
const (
	Japanese = "ja"
	English  = "en"
)

// Formats of a report: to be read in a browser, or put into a binder.
const (
	HTML = "html"
	PDF  = "pdf"
)

// japan is the zone in which a day is meant.
var japan = time.FixedZone("JST", 9*60*60)

// Ask is what somebody wants a report of.
type Ask struct {
	From      string // the first day, in Japan: 2026-11-01
	To        string // the last day, inclusive
	Language  string // Japanese or English
	Format    string // HTML or PDF
	Addressee string // the client company's name, as it stands on the report
}

// LogValue hides for whom it is.
func (Ask) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Span is what a report is about: a time, From inclusive, To exclusive, and one
// client's part of the centre, or the whole where there is no other client.
type Span struct {
	From, To time.Time
	Client   sekisho.ClientID // "" is the whole centre
}

// span is the time that is asked about, or what is wrong with the question.
func (a Ask) span(now time.Time) (s Span, err error) {
	from, err1 := time.ParseInLocation(time.DateOnly, a.From, japan)
	to, err2 := time.ParseInLocation(time.DateOnly, a.To, japan)
	if err1 != nil || err2 != nil || from.Year() < 2000 || to.Before(from) || from.After(now) || to.Sub(from) > maxDays*24*time.Hour {
		return s, errSpan
	}
	if a.Language != Japanese && a.Language != English {
		return s, errLanguage
	}
	if a.Format != HTML && a.Format != PDF {
		return s, errFormat
	}
	if name := strings.TrimSpace(a.Addressee); name == "" || !wire.ValidText(name, maxAddressee) || strings.ContainsAny(name, "\r\n\t") {
		return s, errAddressee
	}
	return Span{From: from.UTC(), To: to.AddDate(0, 0, 1).UTC()}, nil
}

// Report is one that was made.
type Report struct {
	ID        sekisho.ReportID
	At        time.Time
	By        sekisho.PersonID
	From, To  string // days in Japan, both inclusive
	Language  string
	Format    string
	Addressee string
	SHA256    string // of the body, as the log names it
	Size      int64  // of the file in bytes
}

// LogValue hides for whom it is.
func (Report) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Text is one text in both languages.
type Text struct{ JA, EN string }

// In is the text in one language.
func (t Text) In(language string) string {
	if language == English {
		return t.EN
	}
	return t.JA
}

// Same is a text that is written alike in both.
func Same(s string) Text { return Text{s, s} }

// Fact is one live figure. Controls name facts by their keys.
type Fact struct {
	Key   string // "pcs.issued"
	Label Text
	Value Text
}

// Table is a small table: the first cell of a row is its head.
type Table struct {
	Label Text
	Heads []Text
	Rows  [][]Text
}

// Section is what one source tells.
type Section struct {
	Key    string // "pcs"
	Title  Text
	Lead   Text
	Facts  []Fact
	Tables []Table
}
