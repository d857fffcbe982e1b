package rawpc

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

// Embedder is the SHA-256 of the standard face model.
const Embedder = "b7120c095d60094f28a4a54ba6a8bf51b297a6273fb40ef6350dfec1f63d9507"

// Enrol consents and enrols a face that exists only as a commitment. witness
// must approve the question, as a supervisor would.
func (c *Connection) Enrol(ctx context.Context, witness func(wire.Approval) error) error {
	var me wire.Me
	if err := c.Call(ctx, http.MethodGet, "me", nil, &me); err != nil {
		return err
	}
	var text wire.ConsentText
	if err := c.Call(ctx, http.MethodGet, "consent", nil, &text); err != nil {
		return err
	}
	if err := c.Call(ctx, http.MethodPost, "consent", wire.ConsentAnswer{Version: text.Version, Accept: true}, nil); err != nil {
		return err
	}
	var asked wire.Approval
	if err := c.Call(ctx, http.MethodPost, "approvals", wire.ApprovalRequest{Kind: "face_enrolment"}, &asked); err != nil {
		return err
	}
	if err := witness(asked); err != nil {
		return err
	}
	picture, err := c.Seal(ctx, sealing.Manifest{
		Kind: "enrolment", Connection: c.Answer.Connection, Person: me.Person.ID, Device: me.Device.ID, At: time.Now().UTC(),
	}, []byte("an invented picture"))
	if err != nil {
		return err
	}
	var commitment [32]byte
	_, _ = rand.Read(commitment[1:]) // crypto/rand never fails; the first byte keeps it inside the field
	signed := wire.SignWith(c.Keys.Lease, wire.DomainEnrol, wire.FaceEnrolment{
		Connection: c.Answer.Connection, Person: me.Person.ID, Approval: asked.ID, Commitment: hex.EncodeToString(commitment[:]),
		Model: Embedder, Engine: "standard", Poses: 5, Picture: picture,
	})
	return c.Call(ctx, http.MethodPost, "faces", wire.StoreFace{Statement: signed}, nil)
}

// Seal closes a picture to the officers and uploads it; its name is its hash.
func (c *Connection) Seal(ctx context.Context, m sealing.Manifest, picture []byte) (string, error) {
	var roster wire.Roster
	if err := c.Call(ctx, http.MethodGet, "roster", nil, &roster); err != nil {
		return "", err
	}
	r, err := sealing.OpenRoster(roster.Signed, c.PC.Roots, 0, time.Now())
	if err != nil {
		return "", err
	}
	bundle, name, err := sealing.Seal(r, m, []sealing.Part{{Name: "camera.jpg", Type: "image/jpeg", Source: "camera", Data: picture}})
	if err != nil {
		return "", err
	}
	req, err := c.Sign(ctx, http.MethodPut, "evidence/"+name, bundle)
	if err != nil {
		return "", err
	}
	return name, c.Do(req, nil)
}
