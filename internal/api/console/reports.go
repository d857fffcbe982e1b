package console

import (
	"context"
	"log/slog"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/reports"
)

// Reports are for the client company (gate/reports).
type Reports interface {
	Make(ctx context.Context, by audit.Actor, ask reports.Ask) (reports.Report, error)
	List(ctx context.Context) ([]reports.Report, error)
	File(ctx context.Context, by audit.Actor, id sekisho.ReportID) (reports.Report, []byte, error)
}

type makeReport struct {
	Body struct {
		From      string `json:"from" maxLength:"10" doc:"the first day, in Japan: 2026-11-01"`
		To        string `json:"to" maxLength:"10" doc:"the last day, inclusive"`
		Language  string `json:"language" enum:"ja,en"`
		Format    string `json:"format" enum:"html,pdf"`
		Addressee string `json:"addressee" maxLength:"200" doc:"the client company's name"`
	}
}

// ReportView is one report that was made.
type ReportView struct {
	ID        sekisho.ReportID `json:"id"`
	At        time.Time        `json:"at"`
	By        string           `json:"by" doc:"name of who made it"`
	From      string           `json:"from"`
	To        string           `json:"to"`
	Language  string           `json:"language" enum:"ja,en"`
	Format    string           `json:"format" enum:"html,pdf"`
	Addressee string           `json:"addressee"`
	SHA256    string           `json:"sha256" doc:"of the report without its attestation, as the log names it"`
	Size      int64            `json:"size" doc:"bytes"`
}

// LogValue hides for whom it is.
func (ReportView) LogValue() slog.Value { return hidden }

// ReportsView answers GET /reports, newest first.
type ReportsView struct {
	Reports []ReportView `json:"reports" nullable:"false"`
	Key     string       `json:"key" doc:"the verifier key by which reports are checked"`
}

func (d *Door) reportRoutes(api huma.API) {
	add(api, "GET /reports", "Reports for the client company, newest first", d.listReports)
	add(api, "POST /reports", "Make a report; the log attests it", d.makeReport)
	add(api, "GET /reports/{id}/file", "A report as a file (HTML or PDF); that it was fetched is in the log first", d.reportFile)
}

func (d *Door) listReports(ctx context.Context, _ *struct{}) (*answer[ReportsView], error) {
	list, err := d.reports.List(ctx)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	view := ReportsView{Reports: make([]ReportView, 0, len(list)), Key: d.audit.VerifierKey()}
	for _, r := range list {
		view.Reports = append(view.Reports, reportView(r, names))
	}
	return reply(view, err)
}

func (d *Door) makeReport(ctx context.Context, in *makeReport) (*answer[ReportView], error) {
	r, err := d.reports.Make(ctx, actor(ctx, officer), reports.Ask(in.Body))
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	return reply(reportView(r, names), err)
}

func (d *Door) reportFile(ctx context.Context, in *ByID) (*download, error) {
	r, body, err := d.reports.File(ctx, reader(ctx), sekisho.ReportID(in.ID))
	if err != nil {
		return nil, err
	}
	// An attachment: nothing of it is ever shown under the console's own origin.
	kind := map[string]string{reports.HTML: "text/html; charset=utf-8", reports.PDF: "application/pdf"}[r.Format]
	return file(kind, "sekisho-report-"+r.From+"-"+r.To+"-"+r.Language+"."+r.Format, body), nil
}

func reportView(r reports.Report, names map[sekisho.PersonID]string) ReportView {
	return ReportView{ID: r.ID, At: r.At, By: names[r.By], From: r.From, To: r.To, Language: r.Language, Format: r.Format, Addressee: r.Addressee, SHA256: r.SHA256, Size: r.Size}
}
