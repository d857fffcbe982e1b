package searches

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

// maxRows is how many rows one file holds.
const maxRows = 10_000

// KindTaken is the entry that names a file of rows.
const KindTaken = "audit.rows_exported"

// Take is what somebody wants to take away.
type Take struct {
	By       audit.Actor
	Query    Query
	Form     checkpoint.Form     // FormCSV or FormJSON
	NameOf   func(string) string // what the id of a person or PC is called; "" for one that nobody knows
	TextOf   func(string) string // what the code of a reason says
	Headings func(string) string // what a column is called in a table

	// May is asked last, with how many rows a file holds that is ready to leave: what
	// it refuses does not leave. nil asks nobody.
	May func(ctx context.Context, rows int) error
}

// MostAlone is how many rows one person takes away without a second one.
const MostAlone = 1_000

// Taken is the file, and how many rows are in it.
type Taken struct {
	File []byte
	Rows int
}

// Take makes the file of the rows that a query finds. Its entry in the log is
// committed first; the file ends with the proof of that.
func (r *Searches) Take(ctx context.Context, t Take) (out Taken, err error) {
	f, err := t.Query.Filter()
	if err != nil {
		return out, err
	}
	if t.Form != checkpoint.FormCSV && t.Form != checkpoint.FormJSON {
		return out, errQuery
	}
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	default:
		return out, errBusy
	}
	rows, err := r.gather(ctx, t, f)
	if err != nil {
		return out, fmt.Errorf("searches: take: %w", err)
	}
	body, err := write(t, rows)
	if err != nil {
		return out, fmt.Errorf("searches: take: %w", err)
	}
	if t.May != nil {
		if err := t.May(ctx, len(rows)); err != nil {
			return out, err
		}
	}
	proof, err := r.log.Attest(ctx, takenRow(t, rows, checkpoint.Digest(body)), nil)
	if err != nil {
		return out, fmt.Errorf("searches: take: %w", err)
	}
	r.taken()
	out.Rows = len(rows)
	out.File, err = checkpoint.Attested{Form: t.Form, Body: body, Proof: proof}.Attach()
	return out, err
}

// gather reads the rows and proves each.
func (r *Searches) gather(ctx context.Context, t Take, f audit.Filter) ([]Row, error) {
	var entries []audit.Entry
	f.Limit = 500
	for more := true; more; more = f.Before > 0 {
		page, err := r.log.Page(ctx, f)
		if err != nil {
			return nil, err
		}
		if entries = append(entries, page.Entries...); len(entries) > maxRows {
			return nil, errRows
		}
		f.Before = page.Next
	}
	if len(entries) == 0 {
		return nil, errNothing
	}
	seqs := make([]int64, len(entries))
	for i, e := range entries {
		seqs[i] = e.Seq
	}
	proofs, err := r.log.ProveAll(ctx, seqs)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(entries))
	for i, e := range entries {
		rows[i] = rowOf(e, string(proofs[i].Marshal()))
		rows[i].name(t)
	}
	return rows, nil
}

func write(t Take, rows []Row) ([]byte, error) {
	if t.Form == checkpoint.FormCSV {
		return writeCSV(rows, t.Headings), nil
	}
	return writeJSON(rows)
}

// takenRow says what was taken away: what was asked for, how much came, and the
// very bytes. Words that were looked for may name somebody, and so may what was
// typed where an id belongs: both can be erased.
func takenRow(t Take, rows []Row, digest string) audit.Event {
	detail := map[string]string{
		"sha256": digest, "rows": strconv.Itoa(len(rows)), "format": formats[t.Form],
		"first": strconv.FormatInt(rows[len(rows)-1].Seq, 10), "last": strconv.FormatInt(rows[0].Seq, 10),
	}
	personal := audit.Personal{}
	for name, value := range map[string]string{
		"person": t.Query.Person, "device": t.Query.Device, "session": t.Query.Session, "customer": t.Query.Customer, "call": t.Query.Call, "object": t.Query.Object, "kind": t.Query.Kind,
	} {
		switch {
		case value == "":
		case wire.ValidID(value), name == "kind" && kinds.MatchString(value):
			detail[name] = value
		default:
			personal[name] = value
		}
	}
	for name, value := range map[string]string{"from": t.Query.From, "until": t.Query.To} { // days, as Filter has read them
		if value != "" {
			detail[name] = value
		}
	}
	if t.Query.Text != "" {
		personal["words"] = t.Query.Text
	}
	e := audit.Event{Kind: KindTaken, Actor: t.By, Object: audit.Object{Type: "file", ID: digest}, Decision: audit.Allow, Detail: detail}
	if len(personal) > 0 {
		e.Personal = personal
	}
	return e
}

// kinds are kinds of entries as the log names them, several with commas.
var kinds = regexp.MustCompile(`^[a-z_.,]*$`)

var formats = map[checkpoint.Form]string{checkpoint.FormCSV: "csv", checkpoint.FormJSON: "json"}

// pairs writes a map in one cell, in the order of its names.
func pairs(m map[string]string) string {
	out := ""
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if out != "" {
			out += "; "
		}
		out += name + "=" + m[name]
	}
	return out
}
