package kitting

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Asset is one PC as the inventory takes it in.
type Asset struct {
	Tag, Model string
	Place      sekisho.Place
	Person     sekisho.PersonID
	Policy     sekisho.PolicyName
}

// Kitted is one PC that was registered, with its code.
type Kitted struct {
	Device sekisho.DeviceID
	Code   wire.EnrolmentCode
}

// Devices is the inventory (gate/devices).
type Devices interface {
	// Tags are the asset tags of the PCs in use.
	Tags(ctx context.Context) (map[string]bool, error)
	// Check is nil for a tag and a model that the inventory takes.
	Check(a Asset) error
	// Kit registers all of them or none; also runs in the same transaction, once for each.
	Kit(ctx context.Context, by audit.Actor, assets []Asset, server string, also func(ctx context.Context, tx storage.Tx, n int, d sekisho.DeviceID) error) ([]Kitted, error)
}

// Loans keeps accessories and loss cards (gate/loans).
type Loans interface {
	Begin(ctx context.Context, tx storage.Tx, by audit.Actor, d sekisho.DeviceID, items []string) (secret string, err error)
	// Items folds names of accessories, or refuses them.
	Items(names []string) ([]string, error)
}

// Person is somebody to whom a PC may be issued, or not.
type Person struct {
	ID    sekisho.PersonID
	Name  string
	Place sekisho.Place // where he usually works
	May   bool          // active, and an operator
}

// People knows them by login (gate/operators).
type People interface {
	Issuable(ctx context.Context) (map[string]Person, error)
}

// Policies are the guard policies (gate/policies).
type Policies interface {
	List(ctx context.Context) ([]wire.GuardPolicy, error)
}
