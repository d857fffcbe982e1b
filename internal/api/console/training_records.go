package console

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/searches"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/wire"
)

type takeRecords struct {
	Format string           `query:"format" enum:"csv,pdf" default:"csv"`
	Person sekisho.PersonID `query:"person" maxLength:"64" doc:"whose records; everybody's where it is empty"`
}

// recordTable is what a file of records is made of.
type recordTable struct {
	language string
	names    map[sekisho.PersonID]string
	logins   map[sekisho.PersonID]string
	tags     map[sekisho.DeviceID]string
	stamp    func(time.Time) string
}

// trainingRecords hands out the records of one person or of all, as a table or as
// paper. Many need a second person, as rows of the log do.
func (d *Door) trainingRecords(ctx context.Context, in *takeRecords) (*download, error) {
	t, err := d.recordTable(ctx)
	if err != nil {
		return nil, err
	}
	if in.Person != "" && t.logins[in.Person] == "" {
		return nil, errNotFound
	}
	taking := training.Taking{By: callerOf(ctx).who.Person, Person: in.Person, Format: in.Format, Write: t.csv}
	kind, name := "text/csv; charset=utf-8", "sekisho-training.csv"
	if in.Format == "pdf" {
		p, err := d.recordPaper(ctx, t, in.Person)
		if err != nil {
			return nil, err
		}
		taking.Write, kind, name = p.write, "application/pdf", "sekisho-training.pdf"
	}
	if taking.Most, err = d.mostRecords(ctx, in); err != nil {
		return nil, err
	}
	body, err := d.training.Take(ctx, taking)
	if errors.Is(err, training.ErrMass) {
		return nil, d.askForRecords(ctx, in)
	}
	if err != nil {
		return nil, err
	}
	return file(kind, name, body), nil
}

func (d *Door) recordTable(ctx context.Context) (t recordTable, err error) {
	people, err := d.people.List(ctx)
	if err != nil {
		return t, err
	}
	t = recordTable{language: "ja", names: map[sekisho.PersonID]string{}, logins: map[sekisho.PersonID]string{}, stamp: utcStamp}
	for _, p := range people {
		t.names[p.ID], t.logins[p.ID] = p.Name, p.Login
	}
	if wire.English(callerOf(ctx).language) {
		t.language = "en"
	}
	t.tags, err = d.assetTags(ctx)
	return t, err
}

// mostRecords is how many records the caller may take now: all, where a second
// person has confirmed just this question. That confirmation is used up by it.
func (d *Door) mostRecords(ctx context.Context, in *takeRecords) (int, error) {
	payload, err := json.Marshal(in)
	if err != nil {
		return 0, err
	}
	me := callerOf(ctx).who.Person
	id, found, err := d.approvals.Usable(ctx, me, approvals.ActRecords, payload)
	if err != nil || !found {
		return training.MostAlone, err
	}
	return 0, d.approvals.UseAct(ctx, me, id, approvals.ActRecords, payload)
}

// askForRecords asks for a second person, and gives the refusal for now.
func (d *Door) askForRecords(ctx context.Context, in *takeRecords) error {
	payload, err := json.Marshal(in)
	if err != nil {
		return err
	}
	shown := []wire.Difference{
		{Field: "export.records", Before: strconv.Itoa(training.MostAlone), After: "all"}, {Field: "export.format", After: in.Format},
	}
	if in.Person != "" {
		shown = append(shown, wire.Difference{Field: "export.person", After: string(in.Person)})
	}
	_, err = d.approvals.Propose(ctx, approvals.Act{Kind: approvals.ActRecords, Asker: callerOf(ctx).who.Person, Payload: payload, Differences: shown})
	if err != nil {
		return err
	}
	return errRowsAsked
}

// japanStamp is a moment as a reader in Japan writes it.
func japanStamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(searches.Japan).Format("2006-01-02 15:04")
}
