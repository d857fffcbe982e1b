package console

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/searches"
	"github.com/sekisho/sekisho/internal/foundation/siem"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

// Searches are what people keep and take away of the log (foundation/searches).
type Searches interface {
	List(ctx context.Context, person sekisho.PersonID) ([]searches.Saved, error)
	Save(ctx context.Context, by audit.Actor, name string, q searches.Query) (searches.Saved, error)
	Delete(ctx context.Context, by audit.Actor, id sekisho.SearchID) error
	Take(ctx context.Context, t searches.Take) (searches.Taken, error)
}

// SIEM is how the log is passed on (foundation/siem).
type SIEM interface{ State() siem.State }

type saveSearch struct {
	Body struct {
		Name  string      `json:"name" minLength:"1" maxLength:"60"`
		Query SearchQuery `json:"query"`
	}
}

// SearchQuery is a search of the log, as it is kept and taken away.
type SearchQuery struct {
	Text     string `json:"text" query:"text" maxLength:"200"`
	Person   string `json:"person" query:"person" maxLength:"64"`
	Device   string `json:"device" query:"device" maxLength:"64"`
	Session  string `json:"session" query:"session" maxLength:"64"`
	Customer string `json:"customer,omitempty" query:"customer" maxLength:"64"`
	Call     string `json:"call,omitempty" query:"call" maxLength:"64"`
	Object   string `json:"object" query:"object" maxLength:"64"`
	Kind     string `json:"kind" query:"kind" maxLength:"400" doc:"a kind, its beginning, or several with commas"`
	From     string `json:"from" query:"from" maxLength:"10" doc:"a day in Japan: 2026-11-22"`
	To       string `json:"to" query:"to" maxLength:"10" doc:"the last day, inclusive"`
}

type takeRows struct {
	SearchQuery
	Format string `query:"format" required:"true" enum:"csv,json"`
}

// SavedSearchView is one search that the caller keeps.
type SavedSearchView struct {
	ID    sekisho.SearchID `json:"id"`
	Name  string           `json:"name"`
	Query SearchQuery      `json:"query"`
}

// SavedSearchesView answers GET /audit/searches.
type SavedSearchesView struct {
	Searches []SavedSearchView `json:"searches" nullable:"false"`
}

// SIEMView says how the log is passed on.
type SIEMView struct {
	On      bool       `json:"on" doc:"false: the settings name no receiver"`
	Address string     `json:"address"`
	Format  string     `json:"format" doc:"rfc5424 or ocsf; empty while off"`
	Next    int64      `json:"next" doc:"number of the next entry to be passed on"`
	Known   bool       `json:"known" doc:"false: next and lag were not read yet"`
	Lag     int64      `json:"lag" doc:"entries that wait"`
	Oldest  *time.Time `json:"oldest" doc:"when the oldest of them happened"`
	Sent    *time.Time `json:"sent" doc:"when the receiver last took a batch"`
	Failing *time.Time `json:"failing" doc:"since when it fails; null while it works"`
	Code    string     `json:"code"`
	Title   string     `json:"title" doc:"what is wrong, in the caller's language"`
	Action  string     `json:"action" doc:"what to do"`
}

func (d *Door) auditFileRoutes(api huma.API) {
	add(api, "GET /audit/searches", "The caller's saved searches", d.listSearches)
	add(api, "POST /audit/searches", "Keep a search under a name; one of the same name is replaced", d.saveSearch)
	add(api, "DELETE /audit/searches/{id}", "Forget one of the caller's saved searches", d.deleteSearch)
	add(api, "GET /audit/rows", "The rows that a search finds, as a file with proofs; that it was taken is in the log first", d.takeRows)
	add(api, "GET /audit/siem", "How the log is passed on to the SIEM", d.siemState)
}

func (d *Door) listSearches(ctx context.Context, _ *struct{}) (*answer[SavedSearchesView], error) {
	list, err := d.searches.List(ctx, callerOf(ctx).who.Person)
	view := SavedSearchesView{Searches: make([]SavedSearchView, 0, len(list))}
	for _, s := range list {
		view.Searches = append(view.Searches, savedView(s))
	}
	return reply(view, err)
}

func (d *Door) saveSearch(ctx context.Context, in *saveSearch) (*answer[SavedSearchView], error) {
	s, err := d.searches.Save(ctx, reader(ctx), in.Body.Name, searches.Query(in.Body.Query))
	return reply(savedView(s), err)
}

func (d *Door) deleteSearch(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.searches.Delete(ctx, reader(ctx), sekisho.SearchID(in.ID))
}

func savedView(s searches.Saved) SavedSearchView {
	return SavedSearchView{ID: s.ID, Name: s.Name, Query: SearchQuery(s.Query)}
}

// reader is who reads the log: the role by which he may.
func reader(ctx context.Context) audit.Actor {
	for _, r := range callerOf(ctx).who.Roles {
		if r == officer {
			return actor(ctx, officer)
		}
	}
	return actor(ctx, auditor)
}

func (d *Door) takeRows(ctx context.Context, in *takeRows) (*download, error) {
	t, err := d.recordTable(ctx)
	if err != nil {
		return nil, err
	}
	form, kind := checkpoint.FormCSV, "text/csv; charset=utf-8"
	if in.Format == "json" {
		form, kind = checkpoint.FormJSON, "application/json"
	}
	d.taking.Lock() // two files at once would each not count the other
	defer d.taking.Unlock()
	taken, err := d.searches.Take(ctx, searches.Take{
		By: reader(ctx), Query: searches.Query(in.SearchQuery), Form: form, May: func(ctx context.Context, rows int) error {
			return d.mayTake(ctx, approvals.ActExport, in, rows, rowsShown(in, t))
		},
		NameOf: func(id string) string {
			if name, ok := t.names[sekisho.PersonID(id)]; ok {
				return name
			}
			return t.tags[sekisho.DeviceID(id)]
		},
		TextOf:   func(code string) string { return reasonText(ctx, code) },
		Headings: func(column string) string { return heading(ctx, column) },
	})
	if err != nil {
		return nil, err
	}
	return file(kind, "sekisho-audit-"+d.clk.Now().In(searches.Japan).Format("20060102-150405")+"."+in.Format, taken.File), nil
}

// rowsShown are what whoever confirms an export of the log reads.
func rowsShown(in *takeRows, t recordTable) []wire.Difference {
	shown := []wire.Difference{{Field: "export.rows", Before: strconv.Itoa(searches.MostAlone), After: "10000"}, {Field: "export.format", After: in.Format}}
	for _, one := range []struct{ field, value string }{
		{"kind", in.Kind}, {"person", in.Person}, {"device", in.Device}, {"session", in.Session}, {"customer", in.Customer}, {"call", in.Call}, {"object", in.Object}, {"text", in.Text}, {"from", in.From}, {"to", in.To},
	} {
		if one.value != "" {
			shown = append(shown, t.shown("export."+one.field, one.value)...)
		}
	}
	return shown
}

// takenLately counts the rows and records that the caller has taken in the last 24
// hours, by the log: many files are as much as one. A longer file than one person takes
// alone was confirmed by another, and does not count.
func (d *Door) takenLately(ctx context.Context) (n int, err error) {
	me := callerOf(ctx).who.Person
	f := audit.Filter{Person: me, Kinds: []string{searches.KindTaken, training.KindTaken}, From: d.clk.Now().Add(-24 * time.Hour), Limit: 500}
	for more := true; more; more = f.Before > 0 {
		page, err := d.audit.Page(ctx, f)
		if err != nil {
			return 0, err
		}
		for _, e := range page.Entries {
			if e.Event.Actor.Person != me {
				continue // somebody took his records
			}
			rows, err := strconv.Atoi(e.Event.Detail["rows"] + e.Event.Detail["records"]) // each kind has one of them
			if err != nil {
				return 0, fmt.Errorf("console: taken lately: entry %d: %w", e.Seq, err)
			}
			if rows <= searches.MostAlone {
				n += rows
			}
		}
		f.Before = page.Next
	}
	return n, nil
}

// mayTake is nil where the caller may take so many rows now: few, with what he has
// taken in the last 24 hours, or many that a
// second person has confirmed, by just this question. It is asked when the file is
// ready to leave, and uses that confirmation up: nobody is asked to confirm what
// cannot be taken. Many that nobody has confirmed it asks for.
func (d *Door) mayTake(ctx context.Context, kind string, question any, rows int, shown []wire.Difference) error {
	taken, err := d.takenLately(ctx)
	if err != nil || rows == 0 || taken+rows <= searches.MostAlone {
		return err
	}
	payload, err := json.Marshal(question)
	if err != nil {
		return err
	}
	me := callerOf(ctx).who.Person
	id, found, err := d.approvals.Usable(ctx, me, kind, payload)
	if err != nil {
		return err
	}
	if found {
		return d.approvals.UseAct(ctx, me, id, kind, payload)
	}
	if _, err := d.approvals.Propose(ctx, approvals.Act{Kind: kind, Asker: me, Payload: payload, Differences: shown}); err != nil {
		return err
	}
	return errRowsAsked
}

var errRowsAsked = sekisho.Fail(sekisho.KindDenied, "act.asked_for_rows")

func (d *Door) siemState(ctx context.Context, _ *struct{}) (*answer[SIEMView], error) {
	s := d.siem.State()
	view := SIEMView{On: s.On, Address: s.Address, Next: s.Next, Known: !s.Looked.IsZero(), Lag: s.Lag(), Oldest: moment(s.Oldest), Sent: moment(s.Sent), Failing: moment(s.Failing), Code: s.Code}
	if s.On {
		view.Format = s.Format
	}
	if s.Code != "" {
		view.Title, view.Action = problemWords(ctx, s.Code)
	}
	return reply(view, nil)
}
