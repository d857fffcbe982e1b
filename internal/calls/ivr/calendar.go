package ivr

import (
	"slices"
	"time"
	_ "time/tzdata" // a server without the system's zones must know a calendar's, too

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Span is a time of one day in minutes from midnight: From 0 to 1439, To 1 to 1440.
// Where To is not after From it is on the next day.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Calendar is when a line is open: by weekday, "sun" to "sat", on the clocks of Zone.
// A date among Holidays (休業日, "2026-12-31") is a holiday, but for a time that began
// the day before. Extra replaces the weekday of a date.
type Calendar struct {
	Name     string            `json:"name"`
	Zone     string            `json:"zone"`
	Week     map[string][]Span `json:"week"`
	Holidays []string          `json:"holidays"`
	Extra    map[string][]Span `json:"extra,omitempty"`
}

// Standing is what a calendar says of a moment. The zero value is closed.
type Standing uint8

// Standings.
const (
	Closed Standing = iota
	Open
	Holiday
)

// String names it.
func (s Standing) String() string { return [...]string{"closed", "open", "holiday"}[min(s, 2)] }

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Bounds of a calendar.
const (
	maxHolidays = 400
	maxSpans    = 6 // of one day
)

func (c Calendar) valid() error {
	if c.Name == "" || !wire.ValidText(c.Name, 100) {
		return errCallName
	}
	if _, err := c.location(); err != nil {
		return err
	}
	if len(c.Holidays) > maxHolidays || len(c.Extra) > maxHolidays {
		return errDays
	}
	for _, day := range c.Holidays {
		if !date(day) {
			return errDays
		}
	}
	for day, spans := range c.Extra {
		if !date(day) || !good(spans) {
			return errDays
		}
	}
	for day, spans := range c.Week {
		if !slices.Contains(weekdays[:], day) || !good(spans) {
			return errHours
		}
	}
	return nil
}

func date(text string) bool {
	at, err := time.Parse(time.DateOnly, text)
	return err == nil && at.Year() >= 2000 && at.Year() < 2200
}

func good(spans []Span) bool {
	return len(spans) <= maxSpans && !slices.ContainsFunc(spans, func(s Span) bool {
		return s.From < 0 || s.From > 1439 || s.To < 1 || s.To > 1440 || s.From == s.To
	})
}

func (c Calendar) location() (*time.Location, error) {
	if c.Zone == "" || c.Zone == "Local" || len(c.Zone) > 64 {
		return nil, errZone
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil, errZone.Because(err)
	}
	return zone, nil
}

// At says how a line stands at a moment. A zone that is none is an error.
func (c Calendar) At(now time.Time) (Standing, error) {
	zone, err := c.location()
	if err != nil {
		return Closed, err
	}
	local := now.In(zone)
	minute := local.Hour()*60 + local.Minute()
	y, m, d := local.Date()
	today, before := time.Date(y, m, d, 12, 0, 0, 0, zone), time.Date(y, m, d-1, 12, 0, 0, 0, zone)
	for _, s := range c.on(before) {
		if s.To <= s.From && minute < s.To {
			return Open, nil
		}
	}
	if slices.Contains(c.Holidays, today.Format(time.DateOnly)) {
		return Holiday, nil
	}
	for _, s := range c.on(today) {
		if minute >= s.From && (minute < s.To || s.To <= s.From) {
			return Open, nil
		}
	}
	return Closed, nil
}

// on gives the times that begin on the day that holds noon.
func (c Calendar) on(noon time.Time) []Span {
	day := noon.Format(time.DateOnly)
	if slices.Contains(c.Holidays, day) {
		return nil
	}
	if spans, named := c.Extra[day]; named {
		return spans
	}
	return c.Week[weekdays[noon.Weekday()]]
}

var (
	errZone     = sekisho.Fail(sekisho.KindInvalid, "calendar.zone")
	errDays     = sekisho.Fail(sekisho.KindInvalid, "calendar.days")
	errHours    = sekisho.Fail(sekisho.KindInvalid, "calendar.hours")
	errCallName = sekisho.Fail(sekisho.KindInvalid, "flow.name")
)
