package shifts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/sheets"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// MaxList bounds a list, in bytes.
const MaxList = sheets.MaxFile

// maxRows bounds its rows.
const maxRows = 2000

// form of a list: one row for a person and a day. The rows of a person replace
// the days that they name, and no others.
var form = sheets.Columns{
	Words: map[string]string{
		"ログインid": "login", "login": "login", "loginid": "login", "日": "day", "曜日": "day", "曜日・日付": "day", "日付": "day", "day": "day",
		"時間": "spans", "勤務時間": "spans", "hours": "spans", "氏名": "name", "name": "name",
	},
	Takes: []string{"login", "name", "day", "spans"}, Needs: []string{"login", "day", "spans"}, Most: maxRows,
}

var dayWords = map[string]Day{
	"日": "sun", "月": "mon", "火": "tue", "水": "wed", "木": "thu", "金": "fri", "土": "sat",
	"日曜日": "sun", "月曜日": "mon", "火曜日": "tue", "水曜日": "wed", "木曜日": "thu", "金曜日": "fri", "土曜日": "sat",
	"sun": "sun", "mon": "mon", "tue": "tue", "wed": "wed", "thu": "thu", "fri": "fri", "sat": "sat",
}

var dateForm = regexp.MustCompile(`^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?$`)

// free are the words for a day without work.
var free = []string{"休", "休み", "off", "-"}

// Fate is what becomes of a row. The zero value is a refusal.
type Fate string

// Fates.
const (
	FateRefused   Fate = "refused"
	FateChanged   Fate = "changed"
	FateUnchanged Fate = "unchanged"
)

// Row is one row of a list with its fate.
type Row struct {
	Line   int
	Login  string
	Day    Day
	Spans  []Span
	Before []Span
	Fate   Fate
	Faults []sheets.Fault

	person sekisho.PersonID
}

// LogValue hides the person.
func (Row) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Plan is every row's fate. While one of them is refused nothing is done.
type Plan struct {
	Encoding string
	Rows     []Row
	Seen     string // names this plan: what is done must be what was shown
}

// Count is how many rows have a fate.
func (p Plan) Count(f Fate) (n int) {
	for _, r := range p.Rows {
		if r.Fate == f {
			n++
		}
	}
	return n
}

func readDay(cell string) (Day, bool) {
	if d, ok := dayWords[strings.ToLower(cell)]; ok {
		return d, true
	}
	m := dateForm.FindStringSubmatch(cell)
	if m == nil {
		return "", false
	}
	pad := func(s string) string { return ("0" + s)[len(s)-1:] }
	d := Day(m[1] + "-" + pad(m[2]) + "-" + pad(m[3]))
	return d, d.valid()
}

// plan gives every row's fate against the shifts as they are now.
func plan(file []byte, list []sheets.Row, logins map[string]sekisho.PersonID, all map[sekisho.PersonID]Shift) Plan {
	out := Plan{Rows: make([]Row, len(list))}
	first := map[string]int{}
	h := sha256.New()
	fmt.Fprintf(h, "%x\n", sha256.Sum256(file))
	for i, one := range list {
		row := planRow(one, logins, all)
		out.Rows[i] = row
		if key := row.Login + " " + string(row.Day); row.Day != "" {
			if j, twice := first[key]; twice {
				double(&out.Rows[j], row.Line)
				double(&out.Rows[i], out.Rows[j].Line)
			} else {
				first[key] = i
			}
		}
		fmt.Fprintf(h, "%d %s %s %q\n", row.Line, row.Fate, row.person, Spans(row.Before))
	}
	out.Seen = hex.EncodeToString(h.Sum(nil))
	return out
}

func double(r *Row, line int) {
	r.Fate = FateRefused
	r.Faults = append(r.Faults, sheets.Fault{Field: "day", Code: errTwice.Code, Line: line})
}

func planRow(one sheets.Row, logins map[string]sekisho.PersonID, all map[sekisho.PersonID]Shift) Row {
	row := Row{Line: one.Line, Login: strings.ToLower(one.Cells["login"]), Faults: one.Faults}
	refuse := func(field string, err *sekisho.Error) {
		row.Faults = append(row.Faults, sheets.Fault{Field: field, Code: err.Code})
	}
	var ok bool
	if row.person, ok = logins[row.Login]; !ok && len(row.Faults) == 0 {
		refuse("login", errListUnknown)
	}
	if row.Day, ok = readDay(one.Cells["day"]); !ok && len(one.Faults) == 0 {
		refuse("day", errDay)
	}
	text := one.Cells["spans"]
	if slices.Contains(free, strings.ToLower(text)) {
		text = ""
	}
	spans, err := ParseSpans(text)
	if err != nil {
		refuse("spans", errSpan)
	}
	if len(row.Faults) > 0 {
		row.Fate = FateRefused
		return row
	}
	before, named := all[row.person][row.Day]
	row.Spans, row.Before, row.Fate = spans, before, FateChanged
	if named && slices.Equal(before, spans) {
		row.Fate = FateUnchanged
	}
	return row
}

func (r *Shifts) read(ctx context.Context, tx storage.Tx, file []byte) (Plan, map[sekisho.PersonID]Shift, error) {
	list, encoding, err := sheets.Read(file, form)
	if err != nil {
		return Plan{}, nil, err
	}
	logins, err := r.people.Logins(ctx, tx)
	if err != nil {
		return Plan{}, nil, err
	}
	all, err := selectShifts(ctx, tx, "SELECT person, day, spans FROM shifts_days")
	p := plan(file, list, logins, all)
	p.Encoding = encoding
	return p, all, err
}

// PlanList says what would become of every row, and does nothing.
func (r *Shifts) PlanList(ctx context.Context, file []byte) (p Plan, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		p, _, err = r.read(ctx, tx, file)
		return err
	})
	if err != nil {
		return Plan{}, fmt.Errorf("shifts: plan: %w", err)
	}
	return p, nil
}

// ApplyList does a list as it was shown, all of it in one transaction, or nothing.
func (r *Shifts) ApplyList(ctx context.Context, by sekisho.PersonID, file []byte, seen string) (p Plan, err error) {
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		var all map[sekisho.PersonID]Shift
		if p, all, err = r.read(ctx, tx, file); err != nil {
			return err
		}
		if p.Count(FateRefused) > 0 {
			return errListRefused
		}
		if p.Seen != seen {
			return errListSeen
		}
		touched := map[sekisho.PersonID]Shift{}
		for _, row := range p.Rows {
			if touched[row.person] == nil {
				if touched[row.person] = maps.Clone(all[row.person]); touched[row.person] == nil {
					touched[row.person] = Shift{}
				}
			}
			touched[row.person][row.Day] = row.Spans
		}
		for _, id := range slices.Sorted(maps.Keys(touched)) {
			if err := touched[id].valid(); err != nil {
				return err
			}
			if err := r.put(ctx, tx, by, id, touched[id]); err != nil {
				return err
			}
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "shift.list_applied", Actor: administrator(by), Object: audit.Object{Type: "shift", ID: "list"}, Decision: audit.Allow,
			Detail: map[string]string{"rows": strconv.Itoa(len(p.Rows)), "people": strconv.Itoa(len(touched))},
		})
	})
	if err != nil {
		return Plan{}, fmt.Errorf("shifts: apply: %w", err)
	}
	r.changed()
	return p, nil
}

var (
	errTwice       = sekisho.Fail(sekisho.KindConflict, "shift.twice")
	errListUnknown = sekisho.Fail(sekisho.KindNotFound, "list.unknown_login")
	errListRefused = sekisho.Fail(sekisho.KindConflict, "list.refused_rows")
	errListSeen    = sekisho.Fail(sekisho.KindConflict, "shift.list_changed")
)
