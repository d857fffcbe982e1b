package rawpc

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

// Embedder is the SHA-256 of the standard face model.
const Embedder = "b7120c095d60094f28a4a54ba6a8bf51b297a6273fb40ef6350dfec1f63d9507"

// Enrol consents and enrols a face that exists only as a commitment. witness
// must approve the question, as a supervisor would.
func (c *Connection) Enrol(ctx context.Context, witness func(wire.Approval) error) error {
	if err := c.Consent(ctx); err != nil {
		return err
	}
	asked, err := c.Ask(ctx, "face_enrolment", "")
	if err != nil {
		return err
	}
	if err := witness(asked); err != nil {
		return err
	}
	return c.StoreFace(ctx, asked.ID)
}

// Consent reads the text and accepts it.
func (c *Connection) Consent(ctx context.Context) error {
	var text wire.ConsentText
	if err := c.Call(ctx, http.MethodGet, "consent", nil, &text); err != nil {
		return err
	}
	return c.Call(ctx, http.MethodPost, "consent", wire.ConsentAnswer{Version: text.Version, Accept: true}, nil)
}

// Ask puts a question to the supervisors.
func (c *Connection) Ask(ctx context.Context, kind, note string) (a wire.Approval, err error) {
	return a, c.Call(ctx, http.MethodPost, "approvals", wire.ApprovalRequest{Kind: kind, Note: note}, &a)
}

// StoreFace enrols an invented face by a witness's approval.
func (c *Connection) StoreFace(ctx context.Context, approval sekisho.ApprovalID) error {
	made, err := c.MakeFace(ctx, approval)
	if err != nil {
		return err
	}
	return c.Call(ctx, http.MethodPost, "faces", made, nil)
}

// MakeFace seals and uploads an invented picture, and signs an invented face that
// names it; it stores nothing.
func (c *Connection) MakeFace(ctx context.Context, approval sekisho.ApprovalID) (made wire.StoreFace, err error) {
	var me wire.Me
	if err := c.Call(ctx, http.MethodGet, "me", nil, &me); err != nil {
		return made, err
	}
	picture, err := c.Seal(ctx, sealing.Manifest{
		Kind: "enrolment", Connection: c.Answer.Connection, Person: me.Person.ID, Device: me.Device.ID, At: time.Now().UTC(),
	}, []byte("an invented picture"))
	if err != nil {
		return made, err
	}
	var commitment [32]byte
	_, _ = rand.Read(commitment[1:]) // crypto/rand never fails; the first byte keeps it inside the field
	signed := wire.SignWith(c.Keys.Lease, wire.DomainEnrol, wire.FaceEnrolment{
		Connection: c.Answer.Connection, Person: me.Person.ID, Approval: approval, Commitment: hex.EncodeToString(commitment[:]),
		Model: Embedder, Engine: "standard", Poses: 5, Picture: picture,
	})
	return wire.StoreFace{Statement: signed}, nil
}

// Seal closes a picture to the officers and uploads it; its name is its hash.
func (c *Connection) Seal(ctx context.Context, m sealing.Manifest, picture []byte) (string, error) {
	bundle, name, err := c.Bundle(ctx, m, picture)
	if err != nil {
		return "", err
	}
	return name, c.Upload(ctx, name, bundle)
}

// Bundle closes a picture to the officers of the server's roster.
func (c *Connection) Bundle(ctx context.Context, m sealing.Manifest, picture []byte) (bundle []byte, name string, err error) {
	var roster wire.Roster
	if err := c.Call(ctx, http.MethodGet, "roster", nil, &roster); err != nil {
		return nil, "", err
	}
	r, err := sealing.OpenRoster(roster.Signed, c.PC.Roots, 0, time.Now())
	if err != nil {
		return nil, "", err
	}
	return sealing.Seal(r, m, []sealing.Part{{Name: "camera.jpg", Type: "image/jpeg", Source: "camera", Data: picture}})
}

// Upload sends a sealed bundle.
func (c *Connection) Upload(ctx context.Context, name string, bundle []byte) error {
	req, err := c.Sign(ctx, http.MethodPut, "evidence/"+name, bundle)
	if err != nil {
		return err
	}
	return c.Do(req, nil)
}

// Report tells the server of a detection; what is left empty is filled in.
func (c *Connection) Report(ctx context.Context, r wire.IncidentReport) error {
	r.Connection = c.Answer.Connection
	if r.Incident == "" {
		r.Incident = sekisho.IncidentID(wire.NewID())
	}
	if r.Evidence == nil {
		r.Evidence = []string{}
	}
	return c.Call(ctx, http.MethodPost, "incidents", wire.SignWith(c.Keys.Lease, wire.DomainRecord, r), nil)
}
