package console

import (
	"context"
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

// recordTable is what a file of records is made of, and who and what stands in it.
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
	taking.May = func(ctx context.Context, records int) error {
		return d.mayTake(ctx, approvals.ActRecords, in, records, recordsShown(in, t))
	}
	d.taking.Lock() // two files at once would each not count the other
	defer d.taking.Unlock()
	body, err := d.training.Take(ctx, taking)
	if err != nil {
		return nil, err
	}
	return file(kind, name, body), nil
}

func (d *Door) recordTable(ctx context.Context) (t recordTable, err error) {
	people, err := d.people.Outlines(ctx)
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

// shown says what a question asks for: a person by name and login, whatever his name,
// and a PC by its tag.
func (t recordTable) shown(field, value string) []wire.Difference {
	if login, ok := t.logins[sekisho.PersonID(value)]; ok {
		return []wire.Difference{{Field: field, After: t.names[sekisho.PersonID(value)]}, {Field: "person.login", Before: login, After: login, Beside: true}}
	}
	if tag, ok := t.tags[sekisho.DeviceID(value)]; ok {
		value = tag
	}
	return []wire.Difference{{Field: field, After: value}}
}

// recordsShown are what whoever confirms an export of records reads.
func recordsShown(in *takeRecords, t recordTable) []wire.Difference {
	shown := []wire.Difference{
		{Field: "export.records", Before: strconv.Itoa(searches.MostAlone), After: "all"}, {Field: "export.format", After: in.Format},
	}
	if in.Person != "" {
		shown = append(shown, t.shown("export.person", string(in.Person))...)
	}
	return shown
}

// japanStamp is a moment as a reader in Japan writes it.
func japanStamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(searches.Japan).Format("2006-01-02 15:04")
}
