package console_test

import (
	"context"
	"crypto/x509"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/certs"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/twin/carrying"
)

// alone lets whoever holds a PC sit there: nothing binds in these tests.
type alone struct{}

func (alone) MaySit(context.Context, sekisho.PersonID, sekisho.DeviceID) error { return nil }

// poolDevices and poolClients speak for the inventory and the clients, as the wiring does.
type poolDevices struct {
	*devices.Inventory
	ca *certs.Authority
}

func (v poolDevices) Fits(ctx context.Context, d sekisho.DeviceID) error {
	one, err := v.Get(ctx, d)
	if err == nil && one.Place != sekisho.PlaceOffice {
		err = sekisho.Fail(sekisho.KindDenied, "shared.away")
	}
	return err
}

func (v poolDevices) ByCertificate(ctx context.Context, d sekisho.DeviceID, cert *x509.Certificate) error {
	one, err := v.Inventory.ByCertificate(ctx, cert)
	if err == nil && one.ID != d {
		err = devices.ErrKey
	}
	return err
}

func (v poolDevices) Authority() carrying.Authority { return carrying.Authority{CA: v.ca.CA().Raw} }

type poolClients struct{ *clients.Clients }

func (v poolClients) Has(ctx context.Context, id sekisho.ClientID, _ sekisho.PersonID) error {
	_, err := v.ScopeOf(ctx, id)
	return err
}
