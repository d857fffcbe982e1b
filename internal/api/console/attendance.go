package console

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/wire"
)

type askDays struct {
	From string `query:"from" required:"true" minLength:"10" maxLength:"10" doc:"first day, in Japan: 2026-11-01"`
	To   string `query:"to" required:"true" minLength:"10" maxLength:"10" doc:"last day, inclusive; at most 93 days"`
}

// PauseView is one break.
type PauseView struct {
	From time.Time  `json:"from"`
	To   *time.Time `json:"to" doc:"null while it goes on"`
}

// AttendanceView is somebody's day as the telephone knows it; nothing that the guard saw is in it.
type AttendanceView struct {
	Person sekisho.PersonID `json:"person"`
	Name   string           `json:"name"`
	Login  string           `json:"login"`
	Day    string           `json:"day" doc:"in Japan, on which it began"`
	Start  time.Time        `json:"start"`
	End    *time.Time       `json:"end" doc:"null while he is there"`
	Breaks []PauseView      `json:"breaks" nullable:"false"`
}

// LogValue hides the person.
func (AttendanceView) LogValue() slog.Value { return hidden }

// AttendancesView answers GET /calls/attendance.
type AttendancesView struct {
	Found int              `json:"found" doc:"rows, of which the first 500 are here; a file has all"`
	Rows  []AttendanceView `json:"rows" nullable:"false"`
}

// together are the people who were on the works of a sight at any time in a period.
func (d *Door) together(ctx context.Context, s sight, from, to time.Time) (map[sekisho.PersonID]bool, error) {
	list, err := d.clients.List(ctx)
	if err != nil {
		return nil, err
	}
	out := map[sekisho.PersonID]bool{}
	for _, c := range list {
		f, err := d.clients.Get(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		for _, a := range f.Assignments {
			if s.sees(a.Work) && a.From.Before(to) && (a.Until.IsZero() || a.Until.After(from)) {
				out[a.Person] = true
			}
		}
	}
	return out, nil
}

func (d *Door) days(ctx context.Context, in *askDays) ([]AttendanceView, error) {
	s, err := d.sight(ctx)
	if err != nil {
		return nil, err
	}
	from, to, err := japanDays(in.From, in.To)
	if err != nil {
		return nil, err
	}
	all, err := d.callFloor.Attendance(ctx, from, to)
	if err != nil {
		return nil, err
	}
	his, err := d.together(ctx, s, from, to)
	if err != nil {
		return nil, err
	}
	people, err := d.people.Outlines(ctx)
	if err != nil {
		return nil, err
	}
	names, logins := map[sekisho.PersonID]string{}, map[sekisho.PersonID]string{}
	for _, p := range people {
		names[p.ID], logins[p.ID] = p.Name, p.Login
	}
	rows := []AttendanceView{}
	for _, a := range all {
		if s.all || his[a.Person] {
			rows = append(rows, attendanceView(a, names[a.Person], logins[a.Person]))
		}
	}
	return rows, nil
}

func attendanceView(a acd.Attendance, name, login string) AttendanceView {
	v := AttendanceView{Person: a.Person, Name: name, Login: login, Day: a.Day, Start: a.Start.UTC(), End: moment(a.End), Breaks: make([]PauseView, 0, len(a.Breaks))}
	for _, b := range a.Breaks {
		v.Breaks = append(v.Breaks, PauseView{From: b.From.UTC(), To: moment(b.To)})
	}
	return v
}

func (d *Door) attendance(ctx context.Context, in *askDays) (*answer[AttendancesView], error) {
	rows, err := d.days(ctx, in)
	return reply(AttendancesView{Found: len(rows), Rows: rows[:min(len(rows), shownSpans)]}, err)
}

var attendanceHead = wire.Words{
	JA: "日,氏名,ログインID,開始（日本時間）,終了（日本時間）,休憩（日本時間）,休憩の合計（分）",
	EN: "Day,Name,Login,Begin (Japan time),End (Japan time),Breaks (Japan time),Breaks (minutes)",
}

// attendanceFile takes people's hours away: the log has it first.
func (d *Door) attendanceFile(ctx context.Context, in *askDays) (*download, error) {
	rows, err := d.days(ctx, in)
	if err != nil {
		return nil, err
	}
	table := [][]string{strings.Split(attendanceHead.In(tongue(ctx)), ",")}
	for _, r := range rows {
		breaks, minutes := pauses(r.Breaks)
		end := ""
		if r.End != nil {
			end = japanStamp(*r.End)
		}
		table = append(table, []string{r.Day, r.Name, r.Login, japanStamp(r.Start), end, breaks, minutes})
	}
	body, err := spreadsheet(table)
	if err != nil {
		return nil, err
	}
	if _, err := d.audit.Attest(ctx, audit.Event{
		Kind: "call.attendance_taken", Actor: actor(ctx, taker(ctx)), Decision: audit.Allow, Detail: map[string]string{"from": in.From, "until": in.To, "rows": strconv.Itoa(len(rows))},
	}, nil); err != nil {
		return nil, err
	}
	return file("text/csv; charset=utf-8", "sekisho-attendance-"+in.From+"-"+in.To+".csv", body), nil
}

// taker is the role by which somebody takes attendance facts away.
func taker(ctx context.Context) sekisho.Role {
	if callerOf(ctx).who.has(administrator) {
		return administrator
	}
	return supervisor
}

// pauses writes breaks as people do, and how long they were; one that goes on has no end and no length.
func pauses(breaks []PauseView) (text, minutes string) {
	var words []string
	var sum time.Duration
	for _, b := range breaks {
		end := ""
		if b.To != nil {
			end, sum = japanStamp(*b.To)[11:], sum+b.To.Sub(b.From)
		}
		words = append(words, japanStamp(b.From)[11:]+"-"+end)
	}
	return strings.Join(words, " "), strconv.Itoa(int(sum.Round(time.Minute) / time.Minute))
}
