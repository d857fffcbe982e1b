package app

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/faces"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

// A fleet is many invented operators, each with an issued PC whose key lies in
// a file: what a load test needs and no centre ever should have. It is made
// only in the act that fills an empty folder with a demonstration, and it goes
// through the rooms' own rules: codes, fingerprints, consent, witness.

// demoFleet is the file that `sekisho demo --fleet` writes.
type demoFleet struct {
	Roots wire.TrustRoots `json:"roots"`
	PCs   []demoPC        `json:"pcs"`
}

// demoPC is one PC of the fleet with everything it would keep to itself.
type demoPC struct {
	Tag         string           `json:"tag"`
	Person      sekisho.PersonID `json:"person"`
	Device      sekisho.DeviceID `json:"device"`
	Key         wire.Bytes       `json:"key"`         // PKCS #8
	Certificate wire.Bytes       `json:"certificate"` // DER
}

// maxFleet keeps tags, addresses and the door's memory in bounds.
const maxFleet = 60_000

// fleetPeople are the invented operators of a fleet.
func fleetPeople(n int) []operators.Person {
	people := make([]operators.Person, n)
	for i := range people {
		people[i] = operators.Person{
			Name: fmt.Sprintf("見本 負荷 %05d", i+1), Kana: fmt.Sprintf("ミホン フカ %05d", i+1), Login: fmt.Sprintf("fleet-%05d", i+1),
			Roles: roles(sekisho.RoleOperator), FaceUsable: true, Place: sekisho.PlaceHome,
		}
	}
	return people
}

// seedFleet issues a PC to each of people and enrols a face that is nothing but
// a random commitment, many at a time so that they share their commits.
func (h *House) seedFleet(ctx context.Context, people []operators.Person, admin, supervisor sekisho.PersonID, file string) error {
	fleet := demoFleet{Roots: h.trust.Trust(), PCs: make([]demoPC, len(people))}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(people) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				pc, err := h.seedPC(ctx, i, people[i], admin, supervisor)
				if err != nil {
					cancel(fmt.Errorf("app: fleet: %s: %w", people[i].Login, err))
				}
				fleet.PCs[i] = pc
			}
		})
	}
	all.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	b, err := json.Marshal(fleet)
	if err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o600)
}

func (h *House) seedPC(ctx context.Context, i int, p operators.Person, admin, supervisor sekisho.PersonID) (pc demoPC, err error) {
	by := audit.Actor{Person: admin, Role: sekisho.RoleAdministrator}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pc, err
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		return pc, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return pc, err
	}
	d, err := h.devices.Register(ctx, by, devices.Asset{
		Tag: fmt.Sprintf("FLEET-%05d", i+1), Model: "負荷試験（架空）", Place: sekisho.PlaceHome, Person: p.ID, Policy: "demo",
	})
	if err != nil {
		return pc, err
	}
	code, err := h.devices.Code(ctx, by, d.ID, "127.0.0.1:8444", devices.InPerson)
	if err != nil {
		return pc, err
	}
	// Attempts are counted by source: each PC calls from an address of its own.
	from := netip.AddrFrom4([4]byte{127, 78, byte(i >> 8), byte(i)})
	asked, err := h.devices.Enrol(ctx, wire.EnrolRequest{
		Secret: code.Secret[:], CSR: csr, KeyKind: "software", Hostname: "fleet", Platform: "load", Agent: "load",
	}, from)
	if err != nil {
		return pc, err
	}
	if err := h.devices.Approve(ctx, by, d.ID, asked.Fingerprint); err != nil {
		return pc, err
	}
	issued, err := h.devices.Status(ctx, wire.EnrolmentQuery{Device: d.ID, Ticket: asked.Ticket})
	if err != nil {
		return pc, err
	}
	pc = demoPC{Tag: d.Tag, Person: p.ID, Device: d.ID, Key: private, Certificate: issued.Certificate}
	return pc, h.seedFace(ctx, d.ID, p.ID, supervisor)
}

// seedFace consents and enrols with a witness, as a PC in quarantine would.
func (h *House) seedFace(ctx context.Context, d sekisho.DeviceID, p, supervisor sekisho.PersonID) error {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	by := faces.By{Connection: sekisho.ConnectionID(wire.NewID()), Device: d, Person: p, LeaseKey: public}
	text := h.faces.Consent("ja")
	if err := h.faces.Answer(ctx, by, wire.ConsentAnswer{Version: text.Version, Accept: true}); err != nil {
		return err
	}
	q, err := h.approvals.Ask(ctx, approvals.Question{Kind: "face_enrolment", Person: p, Device: d, Connection: by.Connection})
	if err != nil {
		return err
	}
	if q, err = h.approvals.Decide(ctx, supervisor, q.ID, true, q.Code); err != nil {
		return err
	}
	picture, err := h.seedPicture(ctx, d, p)
	if err != nil {
		return err
	}
	var random [32]byte
	_, _ = rand.Read(random[:]) // crypto/rand never fails
	random[0] = 0               // the commitment stays inside the field
	return h.faces.Enrol(ctx, by, wire.SignWith(private, wire.DomainEnrol, wire.FaceEnrolment{
		Connection: by.Connection, Person: p, Approval: q.ID, Commitment: hex.EncodeToString(random[:]),
		Model: embedders[0], Engine: faces.EngineStandard, Poses: 5, Picture: picture,
	}))
}

// uploads is how many pictures a fleet seals at once; evidence takes no more.
var uploads = make(chan struct{}, 8)

// seedPicture seals an invented picture to the officers and uploads it.
func (h *House) seedPicture(ctx context.Context, d sekisho.DeviceID, p sekisho.PersonID) (name string, err error) {
	rosters := h.trust.Rosters()
	if len(rosters) == 0 {
		return "", errNoRoster
	}
	bundle, name, err := sealing.Seal(rosters[0], sealing.Manifest{Kind: "enrolment", Person: p, Device: d, At: h.clock.Now()},
		[]sealing.Part{{Name: "face.jpg", Type: "image/jpeg", Source: "camera", Data: []byte("an invented picture")}})
	if err != nil {
		return "", err
	}
	uploads <- struct{}{}
	defer func() { <-uploads }()
	return name, h.evidence.PutPicture(ctx, p, d, name, bytes.NewReader(bundle))
}

var errFleet = errCommand.Because(errors.New("a fleet has 1 to 60,000 PCs, and --out names the file for their keys"))

func checkFleet(n int, out string) error {
	if n < 0 || n > maxFleet || (n > 0) != (out != "") {
		return errFleet
	}
	return nil
}
