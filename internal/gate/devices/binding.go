package devices

import (
	"context"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"log/slog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// ExporterLabel and ExporterLength are those of the tls-exporter channel
// binding (RFC 9266 §2); its context is empty.
const (
	ExporterLabel  = "EXPORTER-Channel-Binding"
	ExporterLength = 32
)

// Binding is one connection that an issued PC may open now.
type Binding struct {
	Device   sekisho.DeviceID
	Person   sekisho.PersonID // to whom the PC is issued, or who sits at it
	Group    string           // of people who share the PC; "" where it is one person's
	Tier     sekisho.Tier
	Policy   sekisho.PolicyName
	Place    sekisho.Place
	Key      string            // SHA-256 of the device key that signed, hex
	WGPub    [32]byte          // the PC's ephemeral WireGuard key
	LeaseKey ed25519.PublicKey // signs every statement on this connection
	BootID   string
	Agent    string
}

// LogValue keeps the link between person and PC out of logs.
func (b Binding) LogValue() slog.Value {
	return slog.GroupValue(slog.String("device", string(b.Device)), slog.String("person", "[hidden]"))
}

const nonceBytes = 32

// checkBinding opens a binding's statement: signed by the device's key, for
// this device, over this TLS connection. Whether its nonce counts is asked next.
func checkBinding(signed wire.Signed, key *ecdsa.PublicKey, device sekisho.DeviceID, exporter []byte) (wire.Binding, error) {
	var b wire.Binding
	if err := signed.OpenDevice(key, wire.DomainBinding, &b); err != nil {
		return b, ErrBinding.Because(err)
	}
	if b.Device != device {
		return b, ErrBinding.Because(errors.New("devices: binding of another device"))
	}
	// An empty exporter must never equal an empty one.
	if len(exporter) != ExporterLength || !hmac.Equal(b.Exporter, exporter) {
		return b, ErrExporter
	}
	if len(b.Nonce) != nonceBytes || len(b.LeaseKey) != ed25519.PublicKeySize ||
		!printable(b.BootID, maxAgent) || !printable(b.Agent, maxAgent) || !printable(b.Login, wire.MaxLogin) {
		return b, ErrBinding.Because(errors.New("devices: binding's fields"))
	}
	return b, checkWireGuard(b.WireGuard)
}

// checkWireGuard refuses keys with which every shared secret is zero: a tunnel
// to such a key could be opened by anybody.
func checkWireGuard(pub []byte) error {
	theirs, err := ecdh.X25519().NewPublicKey(pub)
	if err != nil {
		return ErrBinding.Because(err)
	}
	ours, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return ErrBinding.Because(err)
	}
	if _, err := ours.ECDH(theirs); err != nil { // all-zero result (RFC 7748 §6.1)
		return ErrBinding.Because(err)
	}
	return nil
}

// ByCertificate says which PC holds a certificate and whether it may connect
// now. Where the error names a state, the Device is filled in too, for the
// audit log.
func (v *Inventory) ByCertificate(ctx context.Context, cert *x509.Certificate) (Device, error) {
	id, tier, err := v.certs.Check(ctx, cert)
	if err != nil && id == "" {
		return Device{}, err
	}
	r, readErr := v.read(ctx, id)
	if readErr != nil {
		return Device{ID: id}, ErrUnknown.Because(readErr)
	}
	if stateErr := passes(r.State); stateErr != nil {
		return r.Device, stateErr // says more than that its certificate is revoked
	}
	if err != nil {
		return r.Device, err
	}
	if hash(cert.RawSubjectPublicKeyInfo) != r.keyHash || tier != r.Tier {
		return r.Device, ErrKey
	}
	return r.Device, nil
}

// Nonce gives an issued PC a nonce for one binding, good for 30 seconds.
func (v *Inventory) Nonce(ctx context.Context, id sekisho.DeviceID) (wire.BindNonce, error) {
	r, err := v.read(ctx, id)
	if err == nil {
		err = passes(r.State)
	}
	if err != nil {
		return wire.BindNonce{}, wrap("nonce for", id, err)
	}
	return wire.BindNonce{Nonce: v.nonces.issue(id)}, nil
}

// Bind takes a PC's signed binding for the TLS connection with this exporter.
// When it returns without an error, the binding is in the audit log.
func (v *Inventory) Bind(ctx context.Context, id sekisho.DeviceID, signed wire.Signed, exporter []byte) (Binding, error) {
	seen, err := v.read(ctx, id)
	if err == nil {
		err = passes(seen.State)
	}
	if err != nil {
		return Binding{}, wrap("bind", id, err)
	}
	key, err := deviceKey(seen.spki)
	if err != nil {
		return Binding{}, wrap("bind", id, err)
	}
	b, err := checkBinding(signed, key, id, exporter)
	// Whatever came of it, a nonce that was shown is spent.
	if fresh := v.nonces.use(id, b.Nonce); err == nil && !fresh {
		err = ErrNonce
	}
	if err == nil {
		err = v.tierAllowed(ctx, seen.Tier, seen.Policy)
	}
	var person sekisho.PersonID
	var group string
	if err == nil {
		person, group, err = v.sitter(ctx, seen.Device, b.Login)
	}
	if err != nil {
		return Binding{}, wrap("bind", id, err)
	}
	if err := v.record(ctx, seen, b, signed, person, group); err != nil {
		return Binding{}, wrap("bind", id, err)
	}
	return Binding{
		Device: id, Person: person, Group: group, Tier: seen.Tier, Policy: seen.Policy, Place: seen.Place,
		Key: seen.keyHash, WGPub: [32]byte(b.WireGuard), LeaseKey: ed25519.PublicKey(b.LeaseKey), BootID: b.BootID, Agent: b.Agent,
	}, nil
}

// sitter says for whom a PC is bound. How often somebody is named is bounded, so
// that nobody finds out by trying whose names a group knows.
func (v *Inventory) sitter(ctx context.Context, d Device, login string) (sekisho.PersonID, string, error) {
	if v.sitters == nil {
		return "", "", ErrUnknown
	}
	if login != "" {
		if ok, _ := v.named.Take(string(d.ID)); !ok {
			return "", "", ErrNamed
		}
	}
	return v.sitters.Sitter(ctx, d, login)
}

// record keeps the binding, if the PC is still what it was a moment ago.
func (v *Inventory) record(ctx context.Context, seen record, b wire.Binding, signed wire.Signed, person sekisho.PersonID, group string) error {
	row := bindingRow{id: wire.NewID(), device: seen.ID, at: v.clk.Now(), keyHash: seen.keyHash, leaseKey: b.LeaseKey, signed: signed}
	return v.db.Write(ctx, func(tx storage.Tx) error {
		d, err := selectDevice(ctx, tx, seen.ID)
		if err != nil {
			return err
		}
		if err := stillIssued(d, seen.keyHash); err != nil {
			return err
		}
		if err := insertBinding(ctx, tx, row); err != nil {
			return err
		}
		e := deviceEvent("device.bound", audit.Actor{Device: seen.ID}, seen.ID, audit.Allow)
		e.Detail = map[string]string{
			"binding": row.id, "key": seen.keyHash, "lease_key": hash(b.LeaseKey), "wireguard": hash(b.WireGuard),
			"statement": hash(signed.Payload), "tier": string(d.Tier), "boot": b.BootID, "agent": b.Agent,
		}
		if group != "" {
			e.Detail["named"] = string(person) // who he says he is: his face is asked for next
		}
		return v.log.Append(ctx, tx, e)
	})
}

func stillIssued(d record, keyHash string) error {
	if err := passes(d.State); err != nil {
		return err
	}
	if d.keyHash != keyHash || keyHash == "" {
		return ErrKey
	}
	return nil
}

// Still is nil while a binding's PC is issued with the key that signed it. Ask
// it after the connection was registered with whoever listens to OnClosed: a PC
// that was suspended between Bind and that moment is found here, and one that
// is suspended later is found by the listener.
func (v *Inventory) Still(ctx context.Context, b Binding) error {
	r, err := v.read(ctx, b.Device)
	if err == nil {
		err = stillIssued(r, b.Key)
	}
	if err == nil {
		err = v.sitters.MaySit(ctx, r.Device, b.Person)
	}
	return wrap("look again at", b.Device, err)
}

// Renewed gives a PC whose certificate nears its end the next one for the same
// key, and nil to all others.
func (v *Inventory) Renewed(ctx context.Context, id sekisho.DeviceID, presented *x509.Certificate) (der []byte, err error) {
	if !v.certs.RenewalDue(presented) {
		return nil, nil
	}
	err = v.db.Write(ctx, func(tx storage.Tx) error {
		d, err := selectDevice(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := stillIssued(d, hash(presented.RawSubjectPublicKeyInfo)); err != nil {
			return err
		}
		if der, err = v.certs.RenewDevice(ctx, tx, presented, d.csr, id, d.Tier); err != nil {
			return err
		}
		return updateCertificate(ctx, tx, d.enrolment, der)
	})
	if err != nil {
		return nil, wrap("renew", id, err)
	}
	return der, nil
}
