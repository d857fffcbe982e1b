package pc_test

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/devices"
)

// alone are PCs that nobody shares.
type alone struct{}

func (alone) Sitter(_ context.Context, d devices.Device, _ string) (sekisho.PersonID, string, error) {
	return d.Person, "", nil
}

func (alone) MaySit(context.Context, devices.Device, sekisho.PersonID) error { return nil }
