package drills

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/rawpc"
)

func witnessDrills() []Drill {
	return []Drill{
		{"another supervisor reads the pictures of an enrolment", "a colleague of the witness is curious about homes", foreignEyes},
		{"witness by video for oneself", "a supervisor at home, alone, with a new PC", ownEyes},
		{"enrolment replaced while its witness confirms", "an operator's PC offers an accomplice's face at the last moment", replacedFace},
	}
}

// watchCase is an enrolment that a supervisor watches; one picture has come.
type watchCase struct {
	*rawpc.Connection
	by    *centre.Console
	asked wire.Approval
	run   string
}

// looked is what the page of a witness reads.
type looked struct {
	State   string `json:"state"`
	Digest  string `json:"digest"`
	Picture string `json:"picture"`
}

func (f *Field) watch(ctx context.Context, c *rawpc.Connection, by *centre.Console) (w watchCase, err error) {
	w = watchCase{Connection: c, by: by}
	if err = c.Consent(ctx); err != nil {
		return w, err
	}
	if w.asked, err = c.Ask(ctx, "face_enrolment", ""); err != nil {
		return w, err
	}
	return w, w.taken(ctx)
}

func (w *watchCase) taken(ctx context.Context) error {
	if err := w.by.Post(ctx, w.path("take"), struct{}{}, nil); err != nil {
		return err
	}
	var how wire.Witnessing
	if err := w.Call(ctx, http.MethodGet, "witness/"+string(w.asked.ID), nil, &how); err != nil {
		return err
	}
	w.run = how.Run
	if err := w.Call(ctx, http.MethodPost, "witness/"+string(w.asked.ID)+"/consent", wire.WitnessConsent{Run: how.Run, Accept: true}, nil); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 320, 240)), nil); err != nil {
		return err
	}
	return w.Call(ctx, http.MethodPost, "witness/"+string(w.asked.ID)+"/pictures", wire.WitnessPicture{Run: w.run, Picture: b.Bytes()}, nil)
}

func (w *watchCase) path(what string) string { return "witness/" + string(w.asked.ID) + "/" + what }

func (w *watchCase) look(ctx context.Context, by *centre.Console) (l looked, err error) {
	return l, by.Get(ctx, "witness/"+string(w.asked.ID), &l)
}

func (w *watchCase) offer(ctx context.Context, made wire.StoreFace) (looked, error) {
	if err := w.Call(ctx, http.MethodPost, "witness/"+string(w.asked.ID)+"/offer", made, nil); err != nil {
		return looked{}, err
	}
	return w.look(ctx, w.by)
}

func (w *watchCase) confirm(ctx context.Context, digest string) error {
	return w.by.Post(ctx, w.path("confirm"), map[string]string{"digest": digest, "ceremony": ""}, nil)
}

func (w *watchCase) store(ctx context.Context, made wire.StoreFace) error {
	return w.Call(ctx, http.MethodPost, "faces", made, nil)
}

// foreignEyes is a second supervisor who asks for the pictures of another's case.
func foreignEyes(ctx context.Context, f *Field, r *Result) error {
	c, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	by, err := f.As(ctx, "supervisor")
	if err != nil {
		return err
	}
	person, err := f.Person(ctx, sekisho.RoleSupervisor)
	if err != nil {
		return err
	}
	other, err := f.Enter(ctx, person)
	if err != nil {
		return err
	}
	w, err := f.watch(ctx, c, by)
	if err != nil {
		return err
	}
	seen, err := w.look(ctx, other)
	read, taken := answerCode(err), answerCode(other.Post(ctx, w.path("take"), struct{}{}, nil))
	row, err := f.Audit(ctx, "witness.denied", func(r Row) bool { return r.ObjectID == string(w.asked.ID) })
	r.Refused = read == "witness.unknown" && seen.Picture == "" && taken == "witness.taken" && err == nil
	r.Evidence = fmt.Sprintf("reading: %s; taking the case: %s; %s", read, taken, row)
	own, err := w.look(ctx, by)
	r.Control = err == nil && own.Picture != "" && own.State == "watched"
	return nil
}

// ownEyes is a supervisor who enrols his face and takes his own case.
func ownEyes(ctx context.Context, f *Field, r *Result) error {
	person, err := f.Person(ctx, sekisho.RoleSupervisor)
	if err != nil {
		return err
	}
	c, err := f.connectAs(ctx, person)
	if err != nil {
		return err
	}
	defer c.Close()
	himself, err := f.Enter(ctx, person)
	if err != nil {
		return err
	}
	if err := c.Consent(ctx); err != nil {
		return err
	}
	w := watchCase{Connection: c, by: himself}
	if w.asked, err = c.Ask(ctx, "face_enrolment", ""); err != nil {
		return err
	}
	own := answerCode(w.taken(ctx))
	row, err := f.Audit(ctx, "witness.denied", func(r Row) bool { return r.ObjectID == string(w.asked.ID) })
	r.Refused = own == "witness.own" && err == nil
	r.Evidence = fmt.Sprintf("taking his own case: %s; %s", own, row)
	if w.by, err = f.As(ctx, "supervisor"); err != nil {
		return err
	}
	r.Control = w.taken(ctx) == nil
	return nil
}

// replacedFace offers one enrolment to the witness and another one while he confirms.
func replacedFace(ctx context.Context, f *Field, r *Result) error {
	c, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	by, err := f.As(ctx, "supervisor")
	if err != nil {
		return err
	}
	w, err := f.watch(ctx, c, by)
	if err != nil {
		return err
	}
	first, err := c.MakeFace(ctx, w.asked.ID)
	if err != nil {
		return err
	}
	second, err := c.MakeFace(ctx, w.asked.ID)
	if err != nil {
		return err
	}
	shown, err := w.offer(ctx, first)
	if err != nil {
		return err
	}
	now, err := w.offer(ctx, second)
	if err != nil {
		return err
	}
	changed, early := answerCode(w.confirm(ctx, shown.Digest)), answerCode(w.store(ctx, second))
	confirmed := w.confirm(ctx, now.Digest)
	unseen := answerCode(w.store(ctx, first))
	row, err := f.Audit(ctx, "witness.denied", func(r Row) bool { return r.ObjectID == string(w.asked.ID) })
	r.Refused = changed == "witness.changed" && early == "approval.waiting" && unseen == "witness.unseen" && err == nil
	r.Evidence = fmt.Sprintf("confirming what was shown before: %s; enrolling unconfirmed: %s; enrolling the other one after the confirmation: %s; %s", changed, early, unseen, row)
	r.Control = confirmed == nil && w.store(ctx, second) == nil
	return nil
}
