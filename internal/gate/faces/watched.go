package faces

import (
	"context"
	"errors"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Opened reads an enrolment that the connection's lease key signed, and says what
// is wrong with it on its face. It stores nothing.
func Opened(by By, signed wire.Signed) (e wire.FaceEnrolment, err error) {
	if err := signed.OpenLease(by.LeaseKey, wire.DomainEnrol, &e); err != nil {
		return wire.FaceEnrolment{}, errStatement.Because(err)
	}
	if err := validEnrolment(e, by); err != nil {
		return wire.FaceEnrolment{}, err
	}
	return e, nil
}

// PictureOf names the sealed picture of a person's enrolment on a PC, and the PC
// under which it is kept; "" where there is none.
func (r *Faces) PictureOf(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID) (picture string, origin sekisho.DeviceID, err error) {
	t, err := template(ctx, tx, p, d)
	if errors.Is(err, errNotEnrolled) {
		return "", "", nil
	}
	return t.Picture, t.enrolledOn(), err
}
