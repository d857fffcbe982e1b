package devices_test

import (
	"context"
	"errors"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/devices"
)

// seated are the people of one shared PC by login; with none every PC is one person's.
type seated struct {
	people map[string]sekisho.PersonID
	gone   error // since the binding
}

var errNotOne = sekisho.Fail(sekisho.KindDenied, "shared.not_one")

func (s *seated) Sitter(_ context.Context, d devices.Device, login string) (sekisho.PersonID, string, error) {
	if s.people == nil {
		return d.Person, "", nil
	}
	p, ok := s.people[login]
	if !ok {
		return "", "", errNotOne
	}
	return p, "counter", nil
}

func (s *seated) MaySit(context.Context, devices.Device, sekisho.PersonID) error { return s.gone }

func TestASharedPCIsBoundForWhoeverSitsThere(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		p := h.issued("SHARED", "trial", false)
		h.seats.people = map[string]sekisho.PersonID{"aoki": "aoki-id"}
		bind := func(login string) (devices.Binding, error) { return h.bindAs(p, login) }
		got, err := bind("aoki")
		if err != nil || got.Person != "aoki-id" || got.Group != "counter" {
			t.Fatalf("%+v, %v", got, err)
		}
		rows := h.rows("device.bound")
		if named := rows[len(rows)-1].Event.Detail["named"]; named != "aoki-id" {
			t.Errorf("the row names %q", named)
		}
		for _, login := range []string{"", "baba"} {
			if _, err := bind(login); !errors.Is(err, errNotOne) {
				t.Errorf("%q: %v", login, err)
			}
		}
		h.seats.gone = errNotOne
		if err := h.Still(h.ctx(), got); !errors.Is(err, errNotOne) {
			t.Errorf("taken out between the binding and its connection: %v", err)
		}
		for range 30 {
			_, err = bind("guess")
		}
		if !errors.Is(err, devices.ErrNamed) {
			t.Errorf("names are tried without end: %v", err)
		}
	})
}

func TestWithoutSittersNothingIsBound(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	p := h.issued("ONE", "trial", false)
	h.Inventory = devices.New(devices.Deps{DB: h.db, Clock: h.clk, Log: h.log, Certificates: h.ca, Attestation: h.attests, Policies: h.policies, Trust: roots{h.ca}})
	if _, err := h.bindAs(p, ""); !errors.Is(err, devices.ErrUnknown) {
		t.Errorf("%v", err)
	}
}

func (h *house) bindAs(p *pc, login string) (devices.Binding, error) {
	exporter := make([]byte, devices.ExporterLength)
	b := p.statement(h.nonce(p.id), exporter)
	b.Login = login
	return h.Bind(h.ctx(), p.id, p.bind(b), exporter)
}
