package app

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/policies"
)

// policiesOf answers the inventory's questions about a policy.
type policiesOf struct{ p *policies.Policies }

func (v policiesOf) AllowsSoftwareKeys(ctx context.Context, name sekisho.PolicyName) (bool, error) {
	p, err := v.p.Get(ctx, name)
	return err == nil && p.AllowSoftware, err
}

func (v policiesOf) PlaceOf(ctx context.Context, name sekisho.PolicyName) (sekisho.Place, error) {
	p, err := v.p.Get(ctx, name)
	return p.Place, err
}
