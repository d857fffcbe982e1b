package console

import (
	"context"
	"encoding/base64"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/witnesses"
)

// Witnesses are enrolments that a supervisor in another place watches (gate/witnesses).
type Witnesses interface {
	Take(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID) (witnesses.Case, error)
	Look(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID, seq uint64) (witnesses.Look, error)
	MayConfirm(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID, digest string) error
	Confirm(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID, digest, proof string) (witnesses.Case, error)
	Refuse(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID, reason string) (witnesses.Case, error)
	Waiting(ctx context.Context) ([]witnesses.OldFace, error)
	Ask(ctx context.Context, by sekisho.PersonID, d sekisho.DeviceID, key []byte) (witnesses.OldFace, error)
	Give(ctx context.Context, by sekisho.PersonID, d sekisho.DeviceID, mark string, sealed []byte) error
	See(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID) (witnesses.OldFace, error)
	// Opened notes that the page has opened what sealed is the SHA-256 of.
	Opened(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID, sealed string) error
	// Needed says whether a PC takes a witness by video alone.
	Needed(ctx context.Context, d sekisho.DeviceID) (bool, error)
	// ReceiptOf says when a PC's receipt was confirmed, and by whom; nil where it was not.
	ReceiptOf(ctx context.Context, d sekisho.DeviceID) (*audit.Entry, error)
}

type lookWitness struct {
	ByID
	After int64 `query:"after" minimum:"0" doc:"the number of the picture that the page has"`
}

type confirmWitness struct {
	ByID
	Body struct {
		Digest     string          `json:"digest" minLength:"64" maxLength:"64"`
		Ceremony   string          `json:"ceremony" maxLength:"64"`
		Credential json.RawMessage `json:"credential,omitempty"`
	}
}

type refuseWitness struct {
	ByID
	Body struct {
		Reason string `json:"reason" enum:"another_person,not_followed,unclear"`
	}
}

type askOldFace struct {
	ByID
	Body struct {
		Key string `json:"key" minLength:"80" maxLength:"100" doc:"of the witness's page: P-256, uncompressed, base64url"`
	}
}

type giveOldFace struct {
	ByID
	Body struct {
		Mark   string `json:"mark" minLength:"24" maxLength:"24" doc:"of the key to which it was sealed"`
		Sealed string `json:"sealed" minLength:"1" maxLength:"90000" doc:"base64url"`
	}
}

type seeOldFace struct {
	ByID
	Body struct {
		Opened string `json:"opened,omitempty" pattern:"^([0-9a-f]{64})?$" doc:"SHA-256 of what the page was given and has opened; empty asks for it"`
	}
}

func (d *Door) witnessRoutes(api huma.API) {
	add(api, "POST /witness/{id}/take", "Watch the enrolment of a question for a witness by video", d.takeWitness)
	add(api, "GET /witness/{id}", "What the witness of an enrolment sees now; waits a moment for a newer picture", d.lookWitness)
	add(api, "POST /witness/{id}/begin", "Begin to confirm with a passkey", d.beginWitness)
	add(api, "POST /witness/{id}/confirm", "Confirm what was shown", d.confirmWitness)
	add(api, "POST /witness/{id}/refuse", "Refuse, with a reason; nothing is enrolled", d.refuseWitness)
	add(api, "POST /witness/{id}/old", "The older picture, sealed to the page of its witness; once the page has opened it, that it did", d.seeOldFace)
	add(api, "GET /old-faces", "PCs that came in the place of another and wait for a witness", d.listOldFaces)
	add(api, "POST /old-faces/{id}/ask", "Have officers open the older picture for the page that holds the key", d.askOldFace)
	add(api, "POST /old-faces/{id}/give", "Hand in the older picture, sealed to that page", d.giveOldFace)
}

func (d *Door) takeWitness(ctx context.Context, in *ByID) (*answer[WitnessView], error) {
	c, err := d.witnesses.Take(ctx, callerOf(ctx).who.Person, sekisho.ApprovalID(in.ID))
	if err != nil {
		return nil, err
	}
	return d.witnessed(ctx, witnesses.Look{Case: c})
}

func (d *Door) lookWitness(ctx context.Context, in *lookWitness) (*answer[WitnessView], error) {
	l, err := d.witnesses.Look(ctx, callerOf(ctx).who.Person, sekisho.ApprovalID(in.ID), uint64(in.After))
	if err != nil {
		return nil, err
	}
	return d.witnessed(ctx, l)
}

func (d *Door) beginWitness(ctx context.Context, in *confirmWitness) (*answer[ConfirmView], error) {
	if err := d.witnesses.MayConfirm(ctx, callerOf(ctx).who.Person, sekisho.ApprovalID(in.ID), in.Body.Digest); err != nil {
		return nil, err
	}
	return d.beginWord(ctx, witnessOf(in.ID, in.Body.Digest))
}

// witnessOf is what a witness's passkey says yes to.
func witnessOf(id, digest string) string { return "witness " + id + " " + digest }

func (d *Door) confirmWitness(ctx context.Context, in *confirmWitness) (*answer[WitnessView], error) {
	me, id := callerOf(ctx).who.Person, sekisho.ApprovalID(in.ID)
	if err := d.witnesses.MayConfirm(ctx, me, id, in.Body.Digest); err != nil {
		return nil, err
	}
	proof, err := d.word(ctx, witnessOf(in.ID, in.Body.Digest), in.Body.Ceremony, in.Body.Credential)
	if err != nil {
		return nil, err
	}
	c, err := d.witnesses.Confirm(ctx, me, id, in.Body.Digest, proof)
	if err != nil {
		return nil, err
	}
	return d.witnessed(ctx, witnesses.Look{Case: c})
}

func (d *Door) refuseWitness(ctx context.Context, in *refuseWitness) (*answer[WitnessView], error) {
	c, err := d.witnesses.Refuse(ctx, callerOf(ctx).who.Person, sekisho.ApprovalID(in.ID), in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return d.witnessed(ctx, witnesses.Look{Case: c})
}

func (d *Door) seeOldFace(ctx context.Context, in *seeOldFace) (*answer[OldFaceSealedView], error) {
	if in.Body.Opened != "" {
		return reply(OldFaceSealedView{}, d.witnesses.Opened(ctx, callerOf(ctx).who.Person, sekisho.ApprovalID(in.ID), in.Body.Opened))
	}
	o, err := d.witnesses.See(ctx, callerOf(ctx).who.Person, sekisho.ApprovalID(in.ID))
	return reply(OldFaceSealedView{Device: o.Device, Picture: o.Picture, Sealed: base64.RawURLEncoding.EncodeToString(o.Sealed)}, err)
}

func (d *Door) listOldFaces(ctx context.Context, _ *struct{}) (*answer[OldFacesView], error) {
	list, err := d.witnesses.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	view := OldFacesView{OldFaces: make([]OldFaceView, 0, len(list))}
	for _, o := range list {
		one, err := d.oldFaceView(ctx, o)
		if err != nil {
			return nil, err
		}
		view.OldFaces = append(view.OldFaces, one)
	}
	return reply(view, nil)
}

func (d *Door) askOldFace(ctx context.Context, in *askOldFace) (*answer[OldFaceView], error) {
	key, err := base64.RawURLEncoding.DecodeString(in.Body.Key)
	if err != nil {
		return nil, errMalformed.Because(err)
	}
	o, err := d.witnesses.Ask(ctx, callerOf(ctx).who.Person, sekisho.DeviceID(in.ID), key)
	if err != nil {
		return nil, err
	}
	view, err := d.oldFaceView(ctx, o)
	return reply(view, err)
}

func (d *Door) giveOldFace(ctx context.Context, in *giveOldFace) (*done, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(in.Body.Sealed)
	if err != nil {
		return nil, errMalformed.Because(err)
	}
	return &done{}, d.witnesses.Give(ctx, callerOf(ctx).who.Person, sekisho.DeviceID(in.ID), in.Body.Mark, sealed)
}
