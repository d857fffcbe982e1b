package console

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/attestation"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/wire"
)

// Attestation is by what TPMs are known (gate/attestation).
type Attestation interface {
	Lists(ctx context.Context) (attestation.Lists, error)
	Import(ctx context.Context, by audit.Actor, text []byte) (attestation.Imported, error)
	Remove(ctx context.Context, by audit.Actor, ek string) error
	LoosensTrust(ctx context.Context, certificate []byte) (id string, out []wire.Difference, err error)
	TrustSeconded(ctx context.Context, by audit.Actor, certificate []byte, second storage.Second) (attestation.CA, error)
	Distrust(ctx context.Context, by audit.Actor, id string) error
	LoosensUnknown(ctx context.Context, only bool) ([]wire.Difference, error)
	OnlyKnownSeconded(ctx context.Context, by audit.Actor, only bool, second storage.Second) error
}

// maxImport is a list's bound with what JSON adds to it.
const maxImport = 2 * attestation.MaxListBytes

type newKeys struct {
	Body struct {
		CSV wire.Bytes `json:"csv" maxLength:"1400000" doc:"the file as it is, base64url"`
	}
}

type newAuthority struct {
	Body struct {
		Certificate wire.Bytes `json:"certificate" maxLength:"12000" doc:"PEM or DER, base64url"`
	}
}

type attestationRule struct {
	Body struct {
		OnlyKnown bool `json:"only_known"`
	}
}

func (d *Door) attestationRoutes(api huma.API) {
	add(api, "GET /attestation", "By what TPMs are known", d.attestationLists)
	add(api, "PUT /attestation", "Whether unknown TPMs are refused", d.setAttestationRule)
	add(api, "POST /attestation/keys", "Import a list of endorsement keys (CSV), whole or not at all", d.importKeys)
	add(api, "DELETE /attestation/keys/{id}", "Take an endorsement key off the list", d.removeKey)
	add(api, "POST /attestation/authorities", "Trust the authority of a TPM maker", d.trustAuthority)
	add(api, "DELETE /attestation/authorities/{id}", "Trust an authority no longer", d.distrustAuthority)
}

func (d *Door) attestationLists(ctx context.Context, _ *struct{}) (*answer[AttestationView], error) {
	l, err := d.attestation.Lists(ctx)
	if err != nil {
		return nil, err
	}
	view := AttestationView{OnlyKnown: l.OnlyKnown, Keys: make([]KnownKeyView, 0, len(l.Known)), Authorities: make([]AuthorityView, 0, len(l.CAs))}
	pcs, err := d.keyHolders(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range l.Known {
		view.Keys = append(view.Keys, KnownKeyView{EK: k.EK, Label: k.Label, Added: moment(k.Added), Device: pcs[k.EK].ID, AssetTag: pcs[k.EK].Tag})
	}
	for _, ca := range l.CAs {
		view.Authorities = append(view.Authorities, authorityView(ca))
	}
	return reply(view, nil)
}

// keyHolders gives the PC of each endorsement key, to those who may see the inventory.
func (d *Door) keyHolders(ctx context.Context) (map[string]devices.Outline, error) {
	out := map[string]devices.Outline{}
	if !callerOf(ctx).who.may("GET /devices") {
		return out, nil
	}
	keys, err := d.devices.Keys(ctx)
	if err != nil {
		return nil, err
	}
	list, err := d.devices.Outlines(ctx)
	for _, one := range slices.Backward(list) { // where two have shown one, the first that has not ended
		if ek := keys[one.ID]; ek != "" {
			out[ek] = one
		}
	}
	return out, err
}

func (d *Door) setAttestationRule(ctx context.Context, in *attestationRule) (*done, error) {
	_, err := dangerous[done](ctx, d, approvals.ActUnknownTPM, in.Body.OnlyKnown)
	return &done{}, err
}

func (d *Door) importKeys(ctx context.Context, in *newKeys) (*answer[ImportedView], error) {
	out, err := d.attestation.Import(ctx, actor(ctx, administrator), in.Body.CSV)
	if err != nil {
		return nil, err
	}
	view := ImportedView{Added: out.Added, Known: out.Known, Faults: make([]ImportFaultView, 0, len(out.Faults))}
	for _, f := range out.Faults {
		t := wire.TextOf(f.Code)
		one := ImportFaultView{Line: f.Line, Code: f.Code, Title: t.JA, Action: t.JADo}
		if wire.English(callerOf(ctx).language) {
			one.Title, one.Action = t.EN, t.ENDo
		}
		view.Faults = append(view.Faults, one)
	}
	return reply(view, nil)
}

func (d *Door) removeKey(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.attestation.Remove(ctx, actor(ctx, administrator), in.ID)
}

func (d *Door) trustAuthority(ctx context.Context, in *newAuthority) (*answer[AuthorityView], error) {
	return dangerous[AuthorityView](ctx, d, approvals.ActAuthority, in.Body.Certificate)
}

func (d *Door) distrustAuthority(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.attestation.Distrust(ctx, actor(ctx, administrator), in.ID)
}

func authorityView(ca attestation.CA) AuthorityView {
	return AuthorityView{ID: ca.ID, Subject: ca.Subject, Until: moment(ca.Until), Added: moment(ca.Added)}
}
