package shifts

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a server without the system's zones must know its own, too

	"github.com/sekisho/sekisho"
)

// Day is a weekday ("mon" … "sun") or a date ("2026-11-23").
type Day string

// weekdays by time.Weekday.
var weekdays = [...]Day{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Span is a time of work on one day, in minutes from midnight: From 0 to 1439,
// To 1 to 1440. Where To is not after From it is on the next day.
type Span struct{ From, To int }

// Shift is when somebody works: spans by day. A weekday that is not named has
// none; a date that is named without spans is free.
type Shift map[Day][]Span

// Rules say whether sessions are bound to shifts.
type Rules struct {
	Version int
	Home    bool // PCs at home
	Office  bool // PCs in the office
	Before  int  // minutes of grace before a shift, 0 to 120
	After   int  // and after it
	Zone    string
}

// Extension is more time that a supervisor gave.
type Extension struct{ From, Until time.Time }

// Bounds.
const (
	maxGrace     = 120 // minutes
	maxSpans     = 4   // of one day
	maxDays      = 400 // dates of one person
	MaxExtension = 4 * time.Hour
	MinExtension = 15 * time.Minute
)

// Standard are the rules of a centre that has set none: shifts bind nobody.
func Standard() Rules { return Rules{Zone: "Asia/Tokyo", Before: 15, After: 15} }

func (r Rules) valid() error {
	if r.Before < 0 || r.Before > maxGrace || r.After < 0 || r.After > maxGrace {
		return errGrace
	}
	if _, err := r.zone(); err != nil {
		return err
	}
	return nil
}

func (r Rules) zone() (*time.Location, error) {
	if r.Zone == "" || r.Zone == "Local" || len(r.Zone) > 64 {
		return nil, errZone
	}
	loc, err := time.LoadLocation(r.Zone)
	if err != nil {
		return nil, errZone.Because(err)
	}
	return loc, nil
}

// Asks says whether these rules bind sessions at a place. A place that is not
// known is bound where any is.
func (r Rules) Asks(p sekisho.Place) bool {
	switch p {
	case sekisho.PlaceHome:
		return r.Home
	case sekisho.PlaceOffice:
		return r.Office
	}
	return r.Home || r.Office
}

// Until gives the end of the time around now in which somebody may work, with
// the grace of the rules; false where now is outside of it. It looks as far as
// the day after tomorrow: whoever asks again at that end learns of the rest.
func (r Rules) Until(s Shift, extra []Extension, now time.Time) (time.Time, bool) {
	loc, err := r.zone()
	if err != nil {
		return time.Time{}, false
	}
	times := slices.Clone(extra)
	for at := range 5 { // a span of the day before yesterday reaches into today by its grace
		y, m, d := now.In(loc).AddDate(0, 0, at-2).Date()
		for _, span := range s.on(time.Date(y, m, d, 12, 0, 0, 0, loc)) {
			end := d
			if span.To <= span.From {
				end++
			}
			times = append(times, Extension{
				From:  time.Date(y, m, d, 0, span.From, 0, 0, loc).Add(-time.Duration(r.Before) * time.Minute),
				Until: time.Date(y, m, end, 0, span.To, 0, 0, loc).Add(time.Duration(r.After) * time.Minute),
			})
		}
	}
	until, inside := now, false
	for again := true; again; { // times that touch are one
		again = false
		for _, t := range times {
			if !t.From.After(until) && t.Until.After(until) {
				until, inside, again = t.Until, true, true
			}
		}
	}
	return until.UTC(), inside
}

// on gives the spans of the calendar day that holds noon.
func (s Shift) on(noon time.Time) []Span {
	if spans, named := s[Day(noon.Format(time.DateOnly))]; named {
		return spans
	}
	return s[weekdays[noon.Weekday()]]
}

// Days gives the days that are named: weekdays from Sunday on, then dates.
func (s Shift) Days() []Day {
	out := []Day{}
	for _, d := range weekdays {
		if _, named := s[d]; named {
			out = append(out, d)
		}
	}
	for _, d := range slices.Sorted(maps.Keys(s)) {
		if !slices.Contains(weekdays[:], d) {
			out = append(out, d)
		}
	}
	return out
}

// week says the shift for a row of the log: the weekdays, and how many dates differ.
func (s Shift) week() string {
	words, dates := []string{}, len(s)
	for _, day := range weekdays {
		spans, named := s[day]
		if named {
			dates--
		}
		if len(spans) > 0 {
			words = append(words, string(day)+" "+Spans(spans))
		}
	}
	return strings.Join(append(words, fmt.Sprintf("+%d", dates)), ", ")
}

func (s Shift) valid() error {
	dates := 0
	for day, spans := range s {
		if !day.valid() {
			return errDay
		}
		if !slices.Contains(weekdays[:], day) {
			dates++
		}
		if len(spans) > maxSpans {
			return errSpan
		}
		for _, span := range spans {
			if span.From < 0 || span.From > 1439 || span.To < 1 || span.To > 1440 || span.From == span.To {
				return errSpan
			}
		}
	}
	if dates > maxDays {
		return errDays
	}
	return nil
}

func (d Day) valid() bool {
	if slices.Contains(weekdays[:], d) {
		return true
	}
	at, err := time.Parse(time.DateOnly, string(d))
	return err == nil && at.Year() >= 2000 && at.Year() < 2200
}

var spanForm = regexp.MustCompile(`^(\d{1,2}):(\d{2}) ?[-~] ?(\d{1,2}):(\d{2})$`)

// ParseSpans reads "09:00-18:00", several of them between blanks or commas, and
// "" or "-" for none. An end of 24:00 is midnight.
func ParseSpans(text string) ([]Span, error) {
	out := []Span{}
	if len(text) > 200 {
		return nil, errSpan
	}
	text = strings.NewReplacer("〜", "-", "～", "-", "–", "-", ",", " ", "、", " ").Replace(text)
	for _, one := range strings.Fields(text) {
		if one == "-" {
			continue
		}
		m := spanForm.FindStringSubmatch(one)
		if m == nil {
			return nil, errSpan
		}
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1]) // two digits at most
		}
		if n[1] > 59 || n[3] > 59 {
			return nil, errSpan
		}
		span := Span{From: n[0]*60 + n[1], To: n[2]*60 + n[3]}
		if span.To == 0 {
			span.To = 1440
		}
		if span.From > 1439 || span.To > 1440 || span.From == span.To {
			return nil, errSpan
		}
		out = append(out, span)
	}
	if len(out) > maxSpans {
		return nil, errSpan
	}
	slices.SortFunc(out, func(a, b Span) int { return a.From - b.From })
	return out, nil
}

// Spans writes spans as ParseSpans reads them.
func Spans(list []Span) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, s.To/60, s.To%60)
	}
	return strings.Join(words, " ")
}

var (
	errSpan    = sekisho.Fail(sekisho.KindInvalid, "shift.span")
	errDay     = sekisho.Fail(sekisho.KindInvalid, "shift.day")
	errDays    = sekisho.Fail(sekisho.KindInvalid, "shift.days")
	errGrace   = sekisho.Fail(sekisho.KindInvalid, "shift.grace")
	errZone    = sekisho.Fail(sekisho.KindInvalid, "shift.zone")
	errVersion = sekisho.Fail(sekisho.KindConflict, "shift.changed_meanwhile")
	errOutside = sekisho.Fail(sekisho.KindDenied, "shift.outside")
	errNone    = sekisho.Fail(sekisho.KindDenied, "shift.none")
	errExtend  = sekisho.Fail(sekisho.KindInvalid, "shift.extension")
	errOwn     = sekisho.Fail(sekisho.KindDenied, "shift.own")
	errRole    = sekisho.Fail(sekisho.KindDenied, "shift.role")
	errPerson  = sekisho.Fail(sekisho.KindNotFound, "person.unknown")
)
