package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/exchange"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/calls/recordings"
	"github.com/sekisho/sekisho/internal/calls/trunks"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/searches"
	"github.com/sekisho/sekisho/internal/foundation/siem"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/vault"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/attestation"
	"github.com/sekisho/sekisho/internal/gate/certs"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/disasters"
	"github.com/sekisho/sekisho/internal/gate/faces"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/identities"
	"github.com/sekisho/sekisho/internal/gate/kitting"
	"github.com/sekisho/sekisho/internal/gate/loans"
	"github.com/sekisho/sekisho/internal/gate/networks"
	"github.com/sekisho/sekisho/internal/gate/offices"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/passwords"
	"github.com/sekisho/sekisho/internal/gate/permits"
	"github.com/sekisho/sekisho/internal/gate/policies"
	"github.com/sekisho/sekisho/internal/gate/pools"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/gate/readiness"
	"github.com/sekisho/sekisho/internal/gate/reminders"
	"github.com/sekisho/sekisho/internal/gate/reports"
	ownroles "github.com/sekisho/sekisho/internal/gate/roles"
	"github.com/sekisho/sekisho/internal/gate/rules"
	"github.com/sekisho/sekisho/internal/gate/shifts"
	"github.com/sekisho/sekisho/internal/gate/ties"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/gate/witnesses"
	"github.com/sekisho/sekisho/internal/guard/evidence"
	"github.com/sekisho/sekisho/internal/guard/presence"
	"github.com/sekisho/sekisho/internal/road/desktops"
)

// schemas of every room, in the order in which they are made.
var schemas = []storage.Schema{
	seal.Schema, audit.Schema, certs.Schema, attestation.Schema, devices.Schema, policies.Schema, posture.Schema, approvals.Schema,
	operators.Schema, passwords.Schema, faces.Schema, training.Schema, grants.Schema, presence.Schema, evidence.Schema, desktops.Schema,
	searches.Schema, siem.Schema, reports.Schema,
	clients.Schema, rules.Schema, networks.Schema, offices.Schema, permits.Schema, ties.Schema, loans.Schema, ownroles.Schema, shifts.Schema, identities.Schema, disasters.Schema, pools.Schema,
	readiness.Schema,
	reminders.Schema, witnesses.Schema,
	trunks.Schema, acd.Schema, ivr.Schema, recordings.Schema, exchange.Schema,
}

// House is every room of one server, made and wired, before any door is open.
type House struct {
	settings Settings
	clock    clock.Clock
	db       *storage.DB
	box      *seal.Box
	keys     *seal.Keys
	vault    *vault.Folder
	log      *audit.Log

	certs      *certs.Authority
	attests    *attestation.Attestation
	devices    *devices.Inventory
	policies   *policies.Policies
	posture    *posture.Posture
	approvals  *approvals.Approvals
	clients    *clients.Clients
	rules      *rules.Rules
	disasters  *disasters.Disasters
	networks   *networks.Networks
	offices    *offices.Offices
	permits    *permits.Permits
	ties       *ties.Ties
	loans      *loans.Loans
	kitting    *kitting.Kitting
	pools      *pools.Pools
	roles      *ownroles.Roles
	shifts     *shifts.Shifts
	identities *identities.Identities
	people     *operators.Operators
	secrets    *passwords.Passwords
	faces      *faces.Faces
	training   *training.Training
	book       *grants.Book
	presence   *presence.Presence
	evidence   *evidence.Evidence
	desktops   *desktops.Desktops
	searches   *searches.Searches
	siem       *siem.Stream
	reports    *reports.Reports
	readiness  *readiness.Readiness
	reminders  *reminders.Reminders
	witnesses  *witnesses.Witnesses
	trust      *trust

	trunks     *trunks.Trunks
	acd        *acd.ACD
	ivr        *ivr.IVR
	recordings *recordings.Recordings
	exchange   *exchange.Exchange // of a server with its doors open

	closers []func() error
}

// Build makes the house on its data folder. Close it when done, also on error.
func Build(ctx context.Context, s Settings, clk clock.Clock) (h *House, err error) {
	h = &House{settings: s, clock: clk}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	if err = h.ground(ctx); err != nil {
		return h, err
	}
	if err = h.gate(ctx); err != nil {
		return h, err
	}
	if err = h.guardAndRoad(ctx); err != nil {
		return h, err
	}
	if err = h.telephone(ctx); err != nil {
		return h, err
	}
	h.readiness = h.readinessOf()
	if err = h.remind(); err != nil {
		return h, err
	}
	return h, h.auditing()
}

// ground opens the database, the keys, the vault and the log.
func (h *House) ground(ctx context.Context) (err error) {
	if err = os.MkdirAll(h.path("audit"), 0o700); err != nil {
		return fmt.Errorf("app: data folder: %w", err)
	}
	if h.db, err = storage.Open(ctx, h.settings.Storage.DSN); err != nil {
		return err
	}
	h.closers = append(h.closers, h.db.Close)
	if err = h.db.Migrate(ctx, schemas...); err != nil {
		return err
	}
	if h.box, err = seal.Open(h.path("master.key")); err != nil {
		return err
	}
	h.keys = seal.NewKeys(h.db, h.clock, h.box)
	key, err := h.keys.Ed25519(ctx, "audit")
	if err != nil {
		return err
	}
	if h.log, err = audit.New(h.db, h.clock, key, h.origin(), audit.InFolder(h.path("audit"))); err != nil {
		return err
	}
	h.closers = append(h.closers, h.log.Close)
	h.keys.Created = func(ctx context.Context, tx storage.Tx, name, kind string) error {
		return h.log.Append(ctx, tx, audit.Event{
			Kind: "key.created", Actor: audit.Actor{Process: "server"},
			Object: audit.Object{Type: "key", ID: name}, Detail: map[string]string{"kind": kind},
		})
	}
	h.vault, err = vault.OpenFolder(h.path("vault"), h.clock.Now())
	return err
}

// origin names this centre's log in checkpoints; it never changes.
func (h *House) origin() string { return "sekisho.audit" }

func (h *House) path(name string) string { return filepath.Join(h.settings.Data, name) }

// gate makes the rooms that decide who may pass.
func (h *House) gate(ctx context.Context) (err error) {
	names := []string{"localhost", "127.0.0.1"}
	if host, _, err := net.SplitHostPort(h.settings.Agents.Public); err == nil {
		names = append(names, host)
	}
	if h.certs, err = certs.New(ctx, h.db, h.keys, h.clock, h.log, certs.Config{Names: names}); err != nil {
		return err
	}
	if h.trust, err = loadTrust(h.path("roster"), h.certs.CA(), h.log.VerifierKey(), h.clock); err != nil {
		return err
	}
	h.policies = policies.New(h.db, h.clock, h.log)
	h.posture = posture.New(h.db, h.clock, h.log)
	h.attests = attestation.New(h.db, h.clock, h.log)
	h.devices = devices.New(devices.Deps{
		DB: h.db, Clock: h.clock, Log: h.log, Certificates: h.certs, Attestation: h.attests, Policies: policiesOf{h.policies}, Trust: h.trust, Sitters: sitters{h},
	})
	if h.people, err = operators.New(h.db, h.clock, h.log, h.parties()); err != nil {
		return err
	}
	if h.secrets, err = h.passwordsOf(ctx); err != nil {
		return err
	}
	h.approvals = approvals.New(h.db, h.clock, h.log, h.people)
	h.clients = clients.New(h.db, h.clock, h.log, h.people)
	h.networks = networks.New(h.db, h.clock, h.log)
	h.offices = offices.New(h.db, h.clock, h.log)
	h.pools = h.poolsOf()
	h.inventory()
	h.roles = h.ownRoles()
	h.shifts = shifts.New(h.db, h.clock, h.log, h.people)
	if err = h.identify(); err != nil {
		return err
	}
	h.rules = rules.New(h.db, h.clock, h.log, subjects{h})
	h.disasters = h.disastersOf()
	h.evidence = evidence.New(h.db, h.clock, evidence.Deps{Vault: h.vault, Audit: h.log, Rosters: h.trust})
	h.witnesses = h.witnessesOf()
	h.faces = faces.New(h.db, h.clock, faces.Deps{
		Witness: h.approvals, Watched: watched{h}, People: h.people, Pictures: keptPictures{h.evidence, h}, Audit: h.log, Models: embedders,
		Contact: faces.Contact{Responsible: h.settings.Centre.Responsible, Reach: h.settings.Centre.Contact},
	})
	h.training = training.New(h.db, h.clock, h.log)
	if err = h.training.Seed(ctx); err != nil {
		return err
	}
	h.book, err = grants.NewBook(ctx, h.db, h.clock, grants.Deps{
		Faces: h.faces, Approvals: fourDigits{h}, People: h.people, Policies: h.policies, Training: h.training, Posture: h.posture, Rules: rulesOf{h}, Ties: firstPC{h}, Shifts: h.shifts, Seats: seats{h}, Audit: h.log,
	})
	return err
}

// embedders are the SHA-256 of the face models that statements may name: the
// standard one. The demonstration engine names its own, which faces admits in
// demonstration data alone.
var embedders = []string{"b7120c095d60094f28a4a54ba6a8bf51b297a6273fb40ef6350dfec1f63d9507"}

// guardAndRoad makes what watches and what carries.
func (h *House) guardAndRoad(ctx context.Context) (err error) {
	if h.presence, err = presence.New(ctx, h.db, h.clock, h.book, presence.Deps{
		Evidence: evidenceOf{h.evidence}, People: h.people, Audit: h.log,
	}); err != nil {
		return err
	}
	h.desktops = desktops.New(h.db, h.clock, h.box, h.log, desktops.AllowLoopback(h.settings.Desktops.AllowLoopback))
	return nil
}

// Close ends what Build made, in reverse.
func (h *House) Close() error {
	var errs []error
	for i := len(h.closers) - 1; i >= 0; i-- {
		errs = append(errs, h.closers[i]())
	}
	h.closers = nil
	return errors.Join(errs...)
}
