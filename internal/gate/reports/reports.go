package reports

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

// forms are how files of each format carry their attestation.
var forms = map[string]checkpoint.Form{HTML: checkpoint.FormHTML, PDF: checkpoint.FormPDF}

// KindMade is the entry that names a report.
const KindMade = "report.made"

// Reports is the room.
type Reports struct {
	db        *storage.DB
	clk       clock.Clock
	log       Log
	companies Companies
	centre    Centre
	sources   []Source
	changed   func() // told when a report was made or fetched
}

// New makes the room on a migrated database. The sources' sections stand in the
// report in this order.
func New(db *storage.DB, clk clock.Clock, log Log, companies Companies, centre Centre, sources ...Source) *Reports {
	return &Reports{db: db, clk: clk, log: log, companies: companies, centre: centre, sources: sources, changed: func() {}}
}

// OnChange is told when a report was made or fetched; it must not block. Set it
// before the room is used.
func (r *Reports) OnChange(f func()) { r.changed = f }

// Make gathers what the sources tell, writes the report and has the log attest
// it. Without the log's entry there is no report. Where there is or was more than
// one client it is about the addressee's part, and an addressee who is none of
// them is refused: nobody is told of another's.
func (r *Reports) Make(ctx context.Context, by audit.Actor, ask Ask) (made Report, err error) {
	span, err := ask.span(r.clk.Now())
	if err != nil {
		return made, err
	}
	made = Report{
		ID: sekisho.ReportID(wire.NewID()), At: r.clk.Now().UTC(), By: by.Person,
		From: ask.From, To: ask.To, Language: ask.Language, Format: ask.Format, Addressee: strings.TrimSpace(ask.Addressee),
	}
	client, n, err := r.companies.ByName(ctx, made.Addressee)
	if err != nil {
		return Report{}, fmt.Errorf("reports: make: %w", err)
	}
	if n > 1 {
		if client == "" {
			return Report{}, errWhose
		}
		span.Client = client
	}
	body, err := r.write(ctx, made, span)
	if err != nil {
		return Report{}, fmt.Errorf("reports: make: %w", err)
	}
	made.SHA256 = checkpoint.Digest(body)
	detail := map[string]string{"sha256": made.SHA256, "from": ask.From, "until": ask.To, "language": ask.Language, "format": ask.Format}
	if span.Client != "" {
		detail["client"] = string(span.Client)
	}
	proof, err := r.log.Attest(ctx, audit.Event{
		Kind: KindMade, Actor: by, Object: audit.Object{Type: "report", ID: string(made.ID)}, Decision: audit.Allow,
		Detail:   detail,
		Personal: audit.Personal{"addressee": made.Addressee},
	}, func(tx storage.Tx) error { return insert(ctx, tx, made, body) })
	if err != nil {
		return Report{}, fmt.Errorf("reports: make: %w", err)
	}
	text := proof.Marshal()
	if err := r.db.Write(ctx, func(tx storage.Tx) error { return setProof(ctx, tx, made.ID, text) }); err != nil {
		return Report{}, fmt.Errorf("reports: make: %w", err)
	}
	r.changed()
	made.Size = int64(len(body) + len(text))
	return made, nil
}

// write gathers the sections and lays them out.
func (r *Reports) write(ctx context.Context, made Report, span Span) ([]byte, error) {
	note, _, err := r.log.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	sections := make([]Section, 0, len(r.sources))
	for _, s := range r.sources {
		section, err := s.Section(ctx, span)
		if err != nil {
			return nil, fmt.Errorf("section: %w", err)
		}
		if section.Key != "" { // a source that has nothing to tell leaves its section out
			sections = append(sections, section)
		}
	}
	body, err := lay(pageData{
		Language: made.Language, Report: made, Centre: r.centre, Part: span.Client != "", At: made.At.In(japan).Format(time.DateTime),
		Sections: sections, Chapters: answer(sections), Checkpoint: string(note), Key: r.log.VerifierKey(), Version: wire.Version,
	})
	if err == nil && len(body) > maxFile {
		return nil, errTooLarge
	}
	return body, err
}

// List gives the reports that were made, the newest first.
func (r *Reports) List(ctx context.Context) (out []Report, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out, err = list(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reports: list: %w", err)
	}
	return out, nil
}

// File gives a report as a file. That it was fetched is in the log first.
func (r *Reports) File(ctx context.Context, by audit.Actor, id sekisho.ReportID) (made Report, file []byte, err error) {
	var body, proof []byte
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if made, body, proof, err = load(ctx, tx, id); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "report.downloaded", Actor: by, Object: audit.Object{Type: "report", ID: string(id)}, Decision: audit.Allow,
			Detail: map[string]string{"sha256": made.SHA256},
		})
	})
	if err != nil {
		return Report{}, nil, fmt.Errorf("reports: file: %w", err)
	}
	r.changed()
	p, err := checkpoint.ParseProof(proof)
	if err != nil {
		return Report{}, nil, fmt.Errorf("reports: file: %w", err)
	}
	file, err = checkpoint.Attested{Form: forms[made.Format], Body: body, Proof: p}.Attach()
	return made, file, err
}
