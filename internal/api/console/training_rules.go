package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/wire"
)

type publishRules struct {
	ByID
	Body struct {
		Version int        `json:"version" doc:"the version in force that was seen"`
		Title   wire.Words `json:"title"`
		Body    wire.Words `json:"body"`
		Note    string     `json:"note" doc:"what was changed"`
	}
}

type compareRules struct {
	ByID
	From int `query:"from" minimum:"1"`
	To   int `query:"to" minimum:"1"`
}

func (d *Door) trainingRuleRoutes(api huma.API) {
	add(api, "GET /training/documents", "Rule documents in force", d.listRules)
	add(api, "GET /training/documents/{id}", "One rule document with its versions", d.readRules)
	add(api, "GET /training/documents/{id}/difference", "Two versions of a rule document, line by line", d.compareRules)
	add(api, "POST /training/documents/{id}/versions", "Put the next version of a rule document in force", d.publishRules)
}

func ruleView(doc training.Document) RuleDocumentView {
	return RuleDocumentView{
		ID: doc.ID, Level: doc.Level, Title: doc.Title, Version: doc.Version.Version, Required: doc.Required, Published: doc.Published,
	}
}

func (d *Door) listRules(ctx context.Context, _ *struct{}) (*answer[RuleDocumentsView], error) {
	list, err := d.training.Documents(ctx)
	out := RuleDocumentsView{Documents: make([]RuleDocumentView, 0, len(list))}
	for _, doc := range list {
		out.Documents = append(out.Documents, ruleView(doc))
	}
	return reply(out, err)
}

func (d *Door) readRules(ctx context.Context, in *ByID) (*answer[RuleTextView], error) {
	doc, versions, err := d.training.Document(ctx, sekisho.DocumentID(in.ID))
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	out := RuleTextView{Document: ruleView(doc), Body: doc.Body, Versions: make([]RuleVersionView, 0, len(versions))}
	for _, v := range versions {
		out.Versions = append(out.Versions, RuleVersionView{
			Version: v.Version, Title: v.Title, Note: v.Note, Published: v.Published, Publisher: names[v.Publisher],
		})
	}
	return reply(out, err)
}

func (d *Door) compareRules(ctx context.Context, in *compareRules) (*answer[DifferenceView], error) {
	_, versions, err := d.training.Document(ctx, sekisho.DocumentID(in.ID))
	if err != nil {
		return nil, err
	}
	texts := map[int]wire.Words{}
	for _, v := range versions {
		texts[v.Version] = v.Body
	}
	before, ok := texts[in.From]
	after, also := texts[in.To]
	if !ok || !also {
		return nil, errNotFound
	}
	return reply(DifferenceView{
		From: in.From, To: in.To, JA: lineViews(training.Difference(before.JA, after.JA)), EN: lineViews(training.Difference(before.EN, after.EN)),
	}, nil)
}

func lineViews(all []wire.RuleLine) []RuleLineView {
	out := make([]RuleLineView, 0, len(all))
	for _, l := range all {
		out = append(out, RuleLineView(l))
	}
	return out
}

func (d *Door) publishRules(ctx context.Context, in *publishRules) (*answer[RuleDocumentView], error) {
	b := in.Body
	doc, err := d.training.Publish(ctx, callerOf(ctx).who.Person, sekisho.DocumentID(in.ID), training.Version{
		Version: b.Version, Title: b.Title, Body: b.Body, Note: b.Note,
	})
	return reply(ruleView(doc), err)
}
