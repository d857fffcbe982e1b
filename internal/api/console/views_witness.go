package console

import (
	"context"
	"encoding/base64"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/witnesses"
	"github.com/sekisho/sekisho/internal/twin/showing"
)

// WitnessView is what the witness of an enrolment sees at one moment.
type WitnessView struct {
	ID       sekisho.ApprovalID  `json:"id"`
	State    string              `json:"state" enum:"taken,watched,offered,confirmed,refused,ended,used"`
	Reason   string              `json:"reason" doc:"an error code: why it was refused or ended"`
	Name     string              `json:"name"`
	Login    string              `json:"login"`
	Device   sekisho.DeviceID    `json:"device"`
	AssetTag string              `json:"asset_tag"`
	Replaces string              `json:"replaces" doc:"asset tag of the PC in whose place this one came; empty for any other"`
	Received *time.Time          `json:"received" doc:"when the receipt was confirmed"`
	By       string              `json:"received_by"`
	Request  *WitnessRequestView `json:"request" doc:"what the person is to do; shown to the witness alone"`
	Old      string              `json:"old" enum:"none,kept,asked,given,seen" doc:"the older picture"`
	Offer    string              `json:"offer" doc:"names the enrolment that the PC has offered; empty before"`
	Digest   string              `json:"digest" doc:"what can be confirmed now; empty before"`
	Seq      uint64              `json:"seq"`
	Picture  string              `json:"picture" doc:"JPEG in base64; empty where none is newer"`
}

// LogValue hides whose enrolment it is, and his picture.
func (WitnessView) LogValue() slog.Value { return hidden }

// WitnessRequestView is what the person is to do before the camera.
type WitnessRequestView struct {
	Hand    string `json:"hand" enum:"left,right"`
	Fingers int    `json:"fingers" minimum:"1" maximum:"5"`
	Place   string `json:"place" enum:"cheek,forehead,shoulder"`
}

// OldFacesView lists PCs that came in the place of another.
type OldFacesView struct {
	OldFaces []OldFaceView `json:"old_faces" nullable:"false"`
}

// OldFaceView is one of them, with its older picture.
type OldFaceView struct {
	Device   sekisho.DeviceID `json:"device"`
	AssetTag string           `json:"asset_tag"`
	Name     string           `json:"name"`
	Own      bool             `json:"own" doc:"it is the caller's own PC"`
	Picture  string           `json:"picture" doc:"hash of the sealed record; empty where none is kept"`
	Witness  string           `json:"witness" doc:"who asked for it"`
	Mine     bool             `json:"mine" doc:"the caller asked for it"`
	Key      string           `json:"key" doc:"of the witness's page, base64url"`
	Mark     string           `json:"mark" doc:"of that key, to be read to each other"`
	Asked    *time.Time       `json:"asked"`
	Given    *time.Time       `json:"given"`
}

// LogValue hides whose PC it is.
func (OldFaceView) LogValue() slog.Value { return hidden }

// OldFaceSealedView is the older picture, sealed to its witness's page.
type OldFaceSealedView struct {
	Device  sekisho.DeviceID `json:"device"`
	Picture string           `json:"picture"`
	Sealed  string           `json:"sealed"`
}

// witnessed says what a witness sees: names and tags are read anew each time, so
// that nothing is shown that is not so any more.
func (d *Door) witnessed(ctx context.Context, l witnesses.Look) (*answer[WitnessView], error) {
	p, err := d.people.Get(ctx, l.Person)
	if err != nil {
		return nil, err
	}
	device, err := d.devices.Get(ctx, l.Device)
	if err != nil {
		return nil, err
	}
	v := WitnessView{
		ID: l.Approval, State: string(l.State), Reason: l.Reason, Name: p.Name, Login: p.Login, Device: l.Device, AssetTag: device.Tag,
		Offer: l.Offer(), Digest: l.Digest(), Seq: l.Seq, Picture: base64.StdEncoding.EncodeToString(l.JPEG), Old: "none",
	}
	if l.Request.Hand != "" {
		v.Request = &WitnessRequestView{Hand: l.Request.Hand, Fingers: l.Request.Fingers, Place: l.Request.Place}
	}
	if l.Old != "" {
		old, err := d.devices.Get(ctx, l.Old)
		if err != nil {
			return nil, err
		}
		v.Replaces = old.Tag
	}
	if l.Kept != "" {
		v.Old = l.Kept
	}
	receipt, err := d.witnesses.ReceiptOf(ctx, l.Device)
	if err != nil {
		return nil, err
	}
	if receipt != nil {
		by, err := d.people.Get(ctx, receipt.Event.Actor.Person)
		if err != nil {
			return nil, err
		}
		v.Received, v.By = moment(receipt.At), by.Name
	}
	return reply(v, nil)
}

func (d *Door) oldFaceView(ctx context.Context, o witnesses.OldFace) (v OldFaceView, err error) {
	me := callerOf(ctx).who.Person
	p, err := d.people.Get(ctx, o.Person)
	if err != nil {
		return v, err
	}
	device, err := d.devices.Get(ctx, o.Device)
	if err != nil {
		return v, err
	}
	v = OldFaceView{
		Device: o.Device, AssetTag: device.Tag, Name: p.Name, Own: o.Person == me, Picture: o.Picture, Mine: o.Witness == me,
		Asked: moment(o.Asked), Given: moment(o.Given),
	}
	if o.Witness == "" {
		return v, nil
	}
	by, err := d.people.Get(ctx, o.Witness)
	v.Witness, v.Key, v.Mark = by.Name, base64.RawURLEncoding.EncodeToString(o.Key), showing.Mark(o.Key)
	return v, err
}
