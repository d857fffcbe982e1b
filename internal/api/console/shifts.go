package console

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/shifts"
	"github.com/sekisho/sekisho/internal/wire"
)

// Shifts are when people work (gate/shifts).
type Shifts interface {
	Rules(ctx context.Context) (shifts.Rules, error)
	Loosens(ctx context.Context, r shifts.Rules) ([]wire.Difference, error)
	SetRulesSeconded(ctx context.Context, by sekisho.PersonID, r shifts.Rules, second storage.Second) (shifts.Rules, error)
	All(ctx context.Context) (map[sekisho.PersonID]shifts.Shift, map[sekisho.PersonID][]shifts.Extension, error)
	Several(ctx context.Context, people []sekisho.PersonID) (map[sekisho.PersonID]shifts.Shift, map[sekisho.PersonID][]shifts.Extension, error)
	Put(ctx context.Context, by, p sekisho.PersonID, s shifts.Shift) error
	Extend(ctx context.Context, by, p sekisho.PersonID, more time.Duration) (time.Time, error)
	PlanList(ctx context.Context, file []byte) (shifts.Plan, error)
	ApplyList(ctx context.Context, by sekisho.PersonID, file []byte, seen string) (shifts.Plan, error)
}

// maxShiftList is a list of shifts in base64, with what stands around it.
const maxShiftList = shifts.MaxList*4/3 + 4096

// ShiftRulesView says whether sessions are bound to shifts.
type ShiftRulesView struct {
	Version int    `json:"version" minimum:"0" doc:"the one that was seen"`
	Home    bool   `json:"home" doc:"PCs at home: no session outside the shift"`
	Office  bool   `json:"office"`
	Before  int    `json:"before" minimum:"0" maximum:"120" doc:"minutes of grace before a shift"`
	After   int    `json:"after" minimum:"0" maximum:"120"`
	Zone    string `json:"zone" minLength:"1" maxLength:"64" doc:"as the IANA names it"`
}

// ShiftDayView is one day of somebody's shift.
type ShiftDayView struct {
	Day   string `json:"day" minLength:"3" maxLength:"10" doc:"sun to sat, or a date, which replaces its weekday"`
	Hours string `json:"hours" maxLength:"100" doc:"09:00-18:00, several between blanks; empty is free"`
}

// ShiftPersonView is one operator's shift.
type ShiftPersonView struct {
	ID   sekisho.PersonID `json:"id"`
	Name string           `json:"name"`
	Kana string           `json:"kana"`
	Days []ShiftDayView   `json:"days" nullable:"false"`
	Now  *time.Time       `json:"now" doc:"until when he may work, counted with grace but without extensions; null outside of it"`
}

// LogValue hides the person.
func (ShiftPersonView) LogValue() slog.Value { return hidden }

// ShiftsView answers GET /shifts.
type ShiftsView struct {
	Rules  ShiftRulesView    `json:"rules"`
	Page   PageView          `json:"page"`
	People []ShiftPersonView `json:"people" nullable:"false"`
}

// ExtendedView says until when somebody may work now.
type ExtendedView struct {
	Until time.Time `json:"until"`
}

// ShiftListView says what becomes of every row of a list.
type ShiftListView struct {
	Encoding  string             `json:"encoding" enum:"utf-8,shift_jis"`
	Seen      string             `json:"seen" doc:"name of this plan, to apply it with"`
	Changed   int                `json:"changed"`
	Unchanged int                `json:"unchanged"`
	Refused   int                `json:"refused" doc:"while there is one, nothing is done"`
	Rows      []ShiftListRowView `json:"rows" nullable:"false"`
}

// ShiftListRowView is one row with its fate.
type ShiftListRowView struct {
	Line   int                  `json:"line"`
	Login  string               `json:"login"`
	Day    string               `json:"day"`
	Before string               `json:"before"`
	After  string               `json:"after"`
	Fate   string               `json:"fate" enum:"changed,unchanged,refused"`
	Faults []ShiftListFaultView `json:"faults" nullable:"false"`
}

// LogValue hides the person.
func (ShiftListRowView) LogValue() slog.Value { return hidden }

// ShiftListFaultView is what is wrong with a row, and what to do.
type ShiftListFaultView struct {
	Field  string `json:"field" enum:",login,name,day,spans"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Action string `json:"action"`
	Line   int    `json:"line" doc:"of the other row, where two are one too many; else 0"`
}

type putShiftRules struct{ Body ShiftRulesView }

type putShift struct {
	ByID
	Body struct {
		Days []ShiftDayView `json:"days" nullable:"false" maxItems:"407"`
	}
}

type extendShift struct {
	ByID
	Body struct {
		Minutes int `json:"minutes" minimum:"15" maximum:"240"`
	}
}

func (d *Door) shiftRoutes(api huma.API) {
	add(api, "GET /shifts", "Everybody's shift, and whether sessions are bound to it", d.listShifts)
	add(api, "PUT /shifts/rules", "Set whether sessions are bound to shifts; loosening needs a second administrator", d.putShiftRules)
	add(api, "PUT /shifts/people/{id}", "Set an operator's whole shift", d.putShift)
	add(api, "POST /shifts/people/{id}/extend", "Give an operator more time, once", d.extendShift)
	add(api, "POST /shifts/list/plan", "What a list of shifts would do, row by row; does nothing", d.planShifts)
	add(api, "POST /shifts/list/apply", "Do a list of shifts as it was shown, or nothing", d.applyShifts)
}

func (d *Door) putShiftRules(ctx context.Context, in *putShiftRules) (*answer[ShiftRulesView], error) {
	return dangerous[ShiftRulesView](ctx, d, approvals.ActShifts, shifts.Rules(in.Body))
}

func (d *Door) putShift(ctx context.Context, in *putShift) (*done, error) {
	s := shifts.Shift{}
	for _, one := range in.Body.Days {
		spans, err := shifts.ParseSpans(one.Hours)
		if err != nil {
			return nil, err
		}
		s[shifts.Day(strings.ToLower(one.Day))] = spans
	}
	return &done{}, d.shifts.Put(ctx, callerOf(ctx).who.Person, sekisho.PersonID(in.ID), s)
}

func (d *Door) extendShift(ctx context.Context, in *extendShift) (*answer[ExtendedView], error) {
	until, err := d.shifts.Extend(ctx, callerOf(ctx).who.Person, sekisho.PersonID(in.ID), time.Duration(in.Body.Minutes)*time.Minute)
	return reply(ExtendedView{Until: until.UTC()}, err)
}

func (d *Door) planShifts(ctx context.Context, in *planList) (*answer[ShiftListView], error) {
	p, err := d.shifts.PlanList(ctx, in.Body.File)
	return reply(shiftListView(ctx, p), err)
}

func (d *Door) applyShifts(ctx context.Context, in *applyList) (*answer[ShiftListView], error) {
	p, err := d.shifts.ApplyList(ctx, callerOf(ctx).who.Person, in.Body.File, in.Body.Seen)
	return reply(shiftListView(ctx, p), err)
}

func shiftListView(ctx context.Context, p shifts.Plan) ShiftListView {
	v := ShiftListView{
		Encoding: p.Encoding, Seen: p.Seen, Changed: p.Count(shifts.FateChanged), Unchanged: p.Count(shifts.FateUnchanged), Refused: p.Count(shifts.FateRefused),
		Rows: make([]ShiftListRowView, 0, len(p.Rows)),
	}
	english := wire.English(callerOf(ctx).language)
	for _, r := range p.Rows {
		row := ShiftListRowView{
			Line: r.Line, Login: r.Login, Day: string(r.Day), Before: shifts.Spans(r.Before), After: shifts.Spans(r.Spans), Fate: string(r.Fate), Faults: []ShiftListFaultView{},
		}
		for _, f := range r.Faults {
			t := wire.TextOf(f.Code)
			fault := ShiftListFaultView{Field: f.Field, Code: f.Code, Title: t.JA, Action: t.JADo, Line: f.Line}
			if english {
				fault.Title, fault.Action = t.EN, t.ENDo
			}
			row.Faults = append(row.Faults, fault)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}
