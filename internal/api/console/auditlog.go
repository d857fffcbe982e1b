package console

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

const auditPage = 50 // rows when nothing is said

type auditSearch struct {
	Person   sekisho.PersonID   `query:"person" maxLength:"64"`
	Device   sekisho.DeviceID   `query:"device" maxLength:"64"`
	Session  sekisho.SessionID  `query:"session" maxLength:"64"`
	Customer sekisho.CustomerID `query:"customer" maxLength:"64" doc:"id of a customer of a client company"`
	Call     sekisho.CallID     `query:"call" maxLength:"64"`
	Object   string             `query:"object" maxLength:"64" doc:"id of what it was done to"`
	Kind     string             `query:"kind" maxLength:"400" doc:"a kind, its beginning, or several with commas"`
	Text     string             `query:"text" maxLength:"200"`
	From     time.Time          `query:"from"`
	To       time.Time          `query:"to"`
	Before   int64              `query:"before" minimum:"0" doc:"only rows with a smaller number"`
	Limit    int                `query:"limit" minimum:"0" maximum:"200"`
}

type bySeq struct {
	Seq int64 `path:"seq" minimum:"0"`
}

// download is a file to save.
type download struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (d *Door) auditRoutes(api huma.API) {
	add(api, "GET /audit", "Search the log, newest first", d.searchAudit)
	add(api, "GET /audit/subjects", "People, PCs and kinds to search for", d.auditSubjects)
	add(api, "GET /audit/checkpoint", "The newest signed checkpoint", d.auditCheckpoint)
	add(api, "GET /audit/{seq}", "One row", d.auditRow)
	add(api, "GET /audit/{seq}/proof", "Proof that a row is in the log (C2SP tlog-proof)", d.auditProof)
}

func (d *Door) searchAudit(ctx context.Context, in *auditSearch) (*answer[AuditPageView], error) {
	limit := in.Limit
	if limit == 0 {
		limit = auditPage
	}
	if callerOf(ctx).who.Client != "" {
		return d.clientAudit(ctx, *in, limit)
	}
	f := audit.Filter{
		Person: in.Person, Device: in.Device, Session: in.Session, Customer: in.Customer, Call: in.Call, Object: in.Object, Text: strings.TrimSpace(in.Text),
		From: in.From, To: in.To, Before: in.Before, Limit: limit,
	}
	f.Kind, f.Kinds = kindsOf(in.Kind)
	found, err := d.audit.Page(ctx, f)
	if err != nil {
		return nil, err
	}
	view := AuditPageView{Rows: make([]AuditRowView, 0, limit), Before: found.Next}
	if found.Next > 0 {
		view.Looked = moment(found.Looked)
	}
	for _, e := range found.Entries {
		view.Rows = append(view.Rows, auditRowView(ctx, e))
	}
	view.Names, err = d.namesIn(ctx, view.Rows)
	return reply(view, err)
}

// kindsOf reads a kind, its beginning, or several with commas.
func kindsOf(text string) (kind string, kinds []string) {
	if strings.Contains(text, ",") {
		return "", strings.Split(text, ",")
	}
	return text, nil
}

func (d *Door) auditRow(ctx context.Context, in *bySeq) (*answer[AuditPageView], error) {
	if callerOf(ctx).who.Client != "" {
		return d.clientAuditRow(ctx, in.Seq)
	}
	e, err := d.audit.Entry(ctx, in.Seq)
	if err != nil {
		return nil, err
	}
	view := AuditPageView{Rows: []AuditRowView{auditRowView(ctx, e)}}
	view.Names, err = d.namesIn(ctx, view.Rows)
	return reply(view, err)
}

func (d *Door) auditProof(ctx context.Context, in *bySeq) (*download, error) {
	if callerOf(ctx).who.Client != "" {
		if _, err := d.clientAuditRow(ctx, in.Seq); err != nil {
			return nil, err
		}
	}
	proof, err := d.audit.Prove(ctx, in.Seq)
	if err != nil {
		return nil, err
	}
	if callerOf(ctx).who.Client != "" {
		proof.Extra = nil // the whole row, with what was cut out of it: he has its hash
	}
	return file("text/plain; charset=utf-8", fmt.Sprintf("sekisho-audit-%d.tlog-proof", in.Seq), proof.Marshal()), nil
}

func (d *Door) auditCheckpoint(ctx context.Context, _ *struct{}) (*answer[CheckpointView], error) {
	note, _, err := d.audit.Head(ctx)
	if err != nil {
		return nil, err
	}
	// Head's note is signed: everything before the empty line is the checkpoint's body.
	body, _, _ := strings.Cut(string(note), "\n\n")
	c, err := checkpoint.Parse(body + "\n")
	if err != nil {
		return nil, err
	}
	return reply(CheckpointView{
		Size: c.Size, Root: hex.EncodeToString(c.Root[:]), Text: string(note), Key: d.audit.VerifierKey(), Opened: d.audit.Opened(),
	}, nil)
}

// auditSubjects lists what the log can be searched for. Auditors see names
// here, and nothing else of people or PCs.
func (d *Door) auditSubjects(ctx context.Context, _ *struct{}) (*answer[SubjectsView], error) {
	if callerOf(ctx).who.Client != "" {
		return d.clientSubjects(ctx)
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	tags, err := d.assetTags(ctx)
	if err != nil {
		return nil, err
	}
	view := SubjectsView{Subjects: make([]SubjectView, 0, len(names)+len(tags))}
	for id, name := range names {
		view.Subjects = append(view.Subjects, SubjectView{Type: "person", ID: string(id), Label: name})
	}
	for id, tag := range tags {
		view.Subjects = append(view.Subjects, SubjectView{Type: "device", ID: string(id), Label: tag})
	}
	sortSubjects(view.Subjects)
	return reply(view, nil)
}

func auditRowView(ctx context.Context, entry audit.Entry) AuditRowView {
	leaf := tlog.RecordHash(entry.Leaf)
	e := entry.Event
	return AuditRowView{
		Seq: entry.Seq, At: entry.At, Kind: e.Kind, Person: e.Actor.Person, Device: e.Actor.Device, Role: string(e.Actor.Role), Process: e.Actor.Process,
		Object: e.Object.Type, ObjectID: e.Object.ID, Decision: e.Decision, Reason: e.Reason, ReasonText: reasonText(ctx, e.Reason), Session: e.Session, Customer: e.Customer, Call: e.Call,
		Detail: orEmpty(e.Detail), Personal: orEmpty(e.Personal), Late: e.Late, Leaf: hex.EncodeToString(leaf[:]),
	}
}

// namesIn gives the names of the people and PCs on a page, by id.
func (d *Door) namesIn(ctx context.Context, rows []AuditRowView) (map[string]string, error) {
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	tags, err := d.assetTags(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	note := func(id string) {
		if name, ok := names[sekisho.PersonID(id)]; ok {
			out[id] = name
		} else if tag, ok := tags[sekisho.DeviceID(id)]; ok {
			out[id] = tag
		}
	}
	for _, r := range rows {
		note(string(r.Person))
		note(string(r.Device))
		note(r.ObjectID)
		for _, v := range r.Detail {
			note(v) // ids stand there too: to whom a PC was issued, who decided
		}
	}
	return out, nil
}

// file answers with an attachment. Its name is ours, so it needs no escaping
// but what RFC 6266 asks of any.
func file(kind, name string, body []byte) *download {
	return &download{ContentType: kind, Disposition: "attachment; filename*=UTF-8''" + url.PathEscape(name), Body: body}
}

// exportAudit streams the whole log as the room writes it. Nothing of it can be
// held in memory, so a failure halfway cuts the connection instead of ending
// the file as if it were whole.
func (d *Door) exportAudit(w http.ResponseWriter, r *http.Request) {
	ctx, err := d.admit(r.Context(), "GET /audit/export")
	if err != nil {
		writeRefusal(w, r, err)
		return
	}
	// Taking the whole log away is an opening act: its own row is in the log first,
	// and whoever watches is told.
	if _, err := d.audit.Attest(ctx, audit.Event{Kind: "audit.exported", Actor: reader(ctx), Decision: audit.Allow}, nil); err != nil {
		writeRefusal(w, r, err)
		return
	}
	d.taken()
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // as long as the log is; the caller may hang up
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="sekisho-audit.zip"`)
	if err := d.audit.Export(ctx, w); err != nil {
		slog.Log(ctx, wire.FailureLevel(ctx, err), "audit export failed", "error", err)
		panic(http.ErrAbortHandler)
	}
}
