package console

import (
	"context"
	"log/slog"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/wire"
)

// maxListBody is a list of people in base64, with what stands around it.
const maxListBody = operators.MaxList*4/3 + 4096

type planList struct {
	Body struct {
		File wire.Bytes `json:"file" minLength:"1" doc:"the CSV file as it is, base64url"`
	}
}

type applyList struct {
	Body struct {
		File wire.Bytes `json:"file" minLength:"1" doc:"the same file, base64url"`
		Seen string     `json:"seen" minLength:"64" maxLength:"64" doc:"name of the plan that was shown"`
	}
}

// ListView says what becomes of every row of a list.
type ListView struct {
	Encoding  string        `json:"encoding" enum:"utf-8,shift_jis"`
	Seen      string        `json:"seen" doc:"name of this plan, to apply it with"`
	New       int           `json:"new"`
	Changed   int           `json:"changed"`
	Unchanged int           `json:"unchanged"`
	Refused   int           `json:"refused" doc:"while there is one, nothing is done"`
	Rows      []ListRowView `json:"rows" nullable:"false"`
}

// ListRowView is one row with its fate.
type ListRowView struct {
	Line   int              `json:"line" doc:"in the file, from 1"`
	Person sekisho.PersonID `json:"person" doc:"who is there already; empty for somebody new"`
	Login  string           `json:"login"`
	Name   string           `json:"name"`
	Fate   string           `json:"fate" enum:"new,changed,unchanged,refused"`
	Fields []string         `json:"fields" nullable:"false" doc:"that change"`
	Faults []ListFaultView  `json:"faults" nullable:"false"`
}

// LogValue hides the person.
func (ListRowView) LogValue() slog.Value { return hidden }

// ListFaultView is what is wrong with a row, and what to do.
type ListFaultView struct {
	Field  string `json:"field" enum:",login,name,kana,roles,place,face_usable,agency,last_day" doc:"empty for the row as a whole"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Action string `json:"action"`
	Line   int    `json:"line" doc:"of the other row, where two are one too many; else 0"`
}

func (d *Door) listRoutes(api huma.API) {
	for kind, words := range map[operators.ListKind]string{operators.ListJoiners: "joiners", operators.ListLeavers: "leavers"} {
		add(api, "POST /people/"+words+"/plan", "What a list of "+words+" would do; does nothing", func(ctx context.Context, in *planList) (*answer[ListView], error) {
			p, err := d.people.PlanList(ctx, callerOf(ctx).who.Person, kind, in.Body.File)
			return reply(listView(ctx, p), err)
		})
		add(api, "POST /people/"+words+"/apply", "Do what was shown of a list of "+words+": all of it or nothing", func(ctx context.Context, in *applyList) (*answer[ListView], error) {
			p, err := d.people.ApplyList(ctx, callerOf(ctx).who.Person, kind, in.Body.File, in.Body.Seen)
			return reply(listView(ctx, p), err)
		})
	}
}

func listView(ctx context.Context, p operators.Plan) ListView {
	view := ListView{
		Encoding: p.Encoding, Seen: p.Seen, New: p.Count(operators.FateNew), Changed: p.Count(operators.FateChanged),
		Unchanged: p.Count(operators.FateUnchanged), Refused: p.Count(operators.FateRefused), Rows: make([]ListRowView, 0, len(p.Rows)),
	}
	for _, r := range p.Rows {
		row := ListRowView{Line: r.Line, Person: r.Person(), Login: r.Login, Name: r.Name, Fate: string(r.Fate), Fields: append([]string{}, r.Fields...), Faults: []ListFaultView{}}
		for _, f := range r.Faults {
			row.Faults = append(row.Faults, faultView(ctx, f))
		}
		view.Rows = append(view.Rows, row)
	}
	return view
}

func faultView(ctx context.Context, f operators.Fault) ListFaultView {
	t := wire.TextOf(f.Code)
	v := ListFaultView{Field: f.Field, Code: f.Code, Line: f.Line, Title: t.JA, Action: t.JADo}
	if wire.English(callerOf(ctx).language) {
		v.Title, v.Action = t.EN, t.ENDo
	}
	return v
}
