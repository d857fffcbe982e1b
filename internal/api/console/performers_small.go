package console

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/gate/readiness"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/wire"
)

// placeAct lets a PC work where its report said it was when this was asked for,
// wherever it is when it is confirmed.
type placeAct struct {
	Device sekisho.DeviceID
	Here   posture.Here
}

// smallActs loosen one course, one PC, one desktop, one maker of TPMs, or the self-check.
func (d *Door) smallActs() map[string]performer {
	return map[string]performer{
		approvals.ActCourse: acting(func(ctx context.Context, _ sekisho.PersonID, c training.Course) (string, []wire.Difference, error) {
			dangers, err := d.training.LoosensCourse(ctx, c)
			return string(c.ID), dangers, err
		}, func(ctx context.Context, by sekisho.PersonID, c training.Course, second storage.Second) (any, error) {
			c, err := d.training.PutCourseSeconded(ctx, by, c, second)
			return courseView(c), err
		}),
		approvals.ActRoom: acting(func(ctx context.Context, _ sekisho.PersonID, r readiness.Rules) (string, []wire.Difference, error) {
			dangers, err := d.readiness.Loosens(ctx, r)
			return "", dangers, err
		}, func(ctx context.Context, by sekisho.PersonID, r readiness.Rules, second storage.Second) (any, error) {
			r, err := d.readiness.SetRulesSeconded(ctx, by, r, second)
			return roomRulesView(r), err
		}),
		approvals.ActAuthority: acting(func(ctx context.Context, _ sekisho.PersonID, certificate wire.Bytes) (string, []wire.Difference, error) {
			return d.attestation.LoosensTrust(ctx, certificate)
		}, func(ctx context.Context, by sekisho.PersonID, certificate wire.Bytes, second storage.Second) (any, error) {
			ca, err := d.attestation.TrustSeconded(ctx, audit.Actor{Person: by, Role: administrator}, certificate, second)
			return authorityView(ca), err
		}),
		approvals.ActUnknownTPM: acting(func(ctx context.Context, _ sekisho.PersonID, only bool) (string, []wire.Difference, error) {
			dangers, err := d.attestation.LoosensUnknown(ctx, only)
			return "", dangers, err
		}, func(ctx context.Context, by sekisho.PersonID, only bool, second storage.Second) (any, error) {
			return done{}, d.attestation.OnlyKnownSeconded(ctx, audit.Actor{Person: by, Role: administrator}, only, second)
		}),
		approvals.ActLevel: acting(d.judgeLevel, d.doLevel),
		approvals.ActPlace: acting(d.judgePlace, func(ctx context.Context, by sekisho.PersonID, in placeAct, second storage.Second) (any, error) {
			return done{}, d.posture.SetPlaceSeconded(ctx, by, in.Device, in.Here, second)
		}),
	}
}

func (d *Door) judgePlace(ctx context.Context, _ sekisho.PersonID, in placeAct) (string, []wire.Difference, error) {
	one, err := d.devices.Get(ctx, in.Device)
	if err != nil {
		return "", nil, err
	}
	dangers, err := d.posture.LoosensPlace(ctx, in.Device, in.Here)
	if err != nil || len(dangers) == 0 {
		return string(in.Device), nil, err
	}
	names, err := d.names(ctx)
	whose := names[one.Person]
	return string(in.Device), append(dangers,
		wire.Difference{Field: "place.device", Before: one.Tag, After: one.Tag, Beside: true},
		wire.Difference{Field: "place.person", Before: whose, After: whose, Beside: true}), err
}
