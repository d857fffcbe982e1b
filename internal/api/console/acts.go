package console

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/wire"
)

// ActView is a dangerous act, as whoever may confirm or check it is shown it.
type ActView struct {
	ID          sekisho.ActID     `json:"id"`
	Kind        string            `json:"kind"`
	Object      string            `json:"object" doc:"what it is done to; a person by name"`
	Asker       string            `json:"asker" doc:"name"`
	Mine        bool              `json:"mine" doc:"asked for by the caller"`
	Confirms    bool              `json:"confirms" doc:"the caller may confirm or refuse it"`
	State       string            `json:"state" enum:"waiting,confirmed,used,failed,refused,withdrawn,expired"`
	Digest      string            `json:"digest" doc:"names what is shown; sent back to confirm"`
	Differences []wire.Difference `json:"differences" nullable:"false"`
	Asked       *time.Time        `json:"asked"`
	Expires     *time.Time        `json:"expires"`
	Decider     string            `json:"decider" doc:"name"`
	Decided     *time.Time        `json:"decided"`
	Reason      string            `json:"reason" doc:"why it failed, in the caller's language"`
}

// ActsView answers GET /acts.
type ActsView struct {
	Now    time.Time `json:"now"`
	Alone  bool      `json:"alone" doc:"there has never been a second administrator: dangerous acts take effect by one"`
	Open   []ActView `json:"open" nullable:"false"`
	Closed []ActView `json:"closed" nullable:"false" doc:"the newest first"`
}

// ConfirmView is how to confirm: with the passkey that the ceremony asks for.
type ConfirmView struct {
	Passkey  bool   `json:"passkey" doc:"false: demonstration data, where nobody has one"`
	Ceremony string `json:"ceremony"`
	Options  any    `json:"options" doc:"PublicKeyCredentialRequestOptions as JSON"`
}

// ConfirmedView is what became of a confirmed act.
type ConfirmedView struct {
	Act    ActView `json:"act"`
	Result any     `json:"result" doc:"what the asker's request would have been answered"`
}

type beginConfirm struct {
	ByID
	Body struct {
		Digest string `json:"digest" minLength:"64" maxLength:"64"`
	}
}

type confirmAct struct {
	ByID
	Body struct {
		Digest     string          `json:"digest" minLength:"64" maxLength:"64"`
		Ceremony   string          `json:"ceremony" maxLength:"128"`
		Credential json.RawMessage `json:"credential,omitempty" doc:"PublicKeyCredential as JSON"`
	}
}

func (d *Door) actRoutes(api huma.API) {
	add(api, "GET /acts", "Dangerous acts that wait for a second person, and those that were closed last", d.listActs)
	add(api, "POST /acts/{id}/begin", "Begin to confirm what is shown, with one's own passkey", d.beginConfirm)
	add(api, "POST /acts/{id}/confirm", "Confirm it: it takes effect at once", d.confirmAct)
	add(api, "POST /acts/{id}/refuse", "Refuse it; whoever asked withdraws it", d.refuseAct)
}

func (d *Door) listActs(ctx context.Context, _ *struct{}) (*answer[ActsView], error) {
	open, closed, err := d.approvals.Acts(ctx)
	if err != nil {
		return nil, err
	}
	two, err := d.people.FourEyes(ctx)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	view := ActsView{Now: d.clk.Now(), Alone: !two, Open: make([]ActView, 0, len(open)), Closed: make([]ActView, 0, len(closed))}
	for _, a := range open {
		view.Open = append(view.Open, actView(ctx, a, names))
	}
	for _, a := range closed {
		view.Closed = append(view.Closed, actView(ctx, a, names))
	}
	return reply(view, err)
}

// subjectOf is what a confirming passkey says yes to.
func subjectOf(id, digest string) string { return "act " + id + " " + digest }

// confirms says whether somebody's roles, as the door found them, confirm acts of
// a kind: whom the policies refuse to administer is no second administrator.
func confirms(me *Identity, kind string) bool {
	return slices.ContainsFunc(approvals.Confirms(kind), me.has)
}

// mayConfirm asks the room, and the door's own view of the caller's roles.
func (d *Door) mayConfirm(ctx context.Context, route, id, digest string) error {
	c := callerOf(ctx)
	a, err := d.approvals.MayConfirm(ctx, c.who.Person, sekisho.ActID(id), digest)
	if err == nil && !confirms(c.who, a.Kind) {
		err = errRole
		d.turnedAway(c, route, err)
	}
	return err
}

func (d *Door) beginConfirm(ctx context.Context, in *beginConfirm) (*answer[ConfirmView], error) {
	if err := d.mayConfirm(ctx, "POST /acts/{id}/begin", in.ID, in.Body.Digest); err != nil {
		return nil, err
	}
	return d.beginWord(ctx, subjectOf(in.ID, in.Body.Digest))
}

// beginWord begins to take the caller's word for what subject names.
func (d *Door) beginWord(ctx context.Context, subject string) (*answer[ConfirmView], error) {
	caller := callerOf(ctx)
	if without, err := d.withoutPasskey(ctx, caller.who.Person); err != nil || without {
		return reply(ConfirmView{}, err)
	}
	c, err := d.signIn.BeginConfirm(ctx, caller.rp(), caller.who.Person, subject, caller.from)
	return reply(ConfirmView{Passkey: true, Ceremony: c.ID, Options: c.Options}, err)
}

// word takes it, and says what proved it.
func (d *Door) word(ctx context.Context, subject, ceremony string, credential json.RawMessage) (proof string, err error) {
	caller := callerOf(ctx)
	if without, err := d.withoutPasskey(ctx, caller.who.Person); err != nil || without {
		return "demo", err
	}
	return "passkey", d.signIn.FinishConfirm(ctx, caller.rp(), caller.who.Person, subject, ceremony, credential, caller.from)
}

// withoutPasskey says whether somebody confirms without one: an invented person
// of demonstration data who has none, and nobody else.
func (d *Door) withoutPasskey(ctx context.Context, me sekisho.PersonID) (bool, error) {
	demo, err := d.signIn.Demo(ctx)
	if err != nil || !demo {
		return false, err
	}
	p, err := d.people.Get(ctx, me)
	return err == nil && p.Passkeys == 0, err
}

func (d *Door) confirmAct(ctx context.Context, in *confirmAct) (*answer[ConfirmedView], error) {
	me, id := callerOf(ctx).who.Person, sekisho.ActID(in.ID)
	if err := d.mayConfirm(ctx, "POST /acts/{id}/confirm", in.ID, in.Body.Digest); err != nil {
		return nil, err
	}
	proof, err := d.word(ctx, subjectOf(in.ID, in.Body.Digest), in.Body.Ceremony, in.Body.Credential)
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx) // what was confirmed is done or failed, whether the page waits or not
	result, err := d.perform(ctx, confirmation{by: me, id: id, digest: in.Body.Digest, proof: proof})
	if err != nil {
		return nil, err
	}
	a, err := d.approvals.Act(ctx, id)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	return reply(ConfirmedView{Act: actView(ctx, a, names), Result: result}, err)
}

func (d *Door) refuseAct(ctx context.Context, in *ByID) (*answer[ActView], error) {
	a, err := d.approvals.Turn(ctx, callerOf(ctx).who.Person, sekisho.ActID(in.ID))
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	return reply(actView(ctx, a, names), err)
}

func actView(ctx context.Context, a approvals.Act, names map[sekisho.PersonID]string) ActView {
	me := callerOf(ctx).who
	v := ActView{
		ID: a.ID, Kind: a.Kind, Object: a.Object, Asker: names[a.Asker], Mine: a.Asker == me.Person, State: a.State, Digest: a.Digest, Differences: a.Differences,
		Asked: moment(a.Asked), Expires: moment(a.Expires), Decider: names[a.Decider], Decided: moment(a.Decided), Reason: reasonText(ctx, a.Reason),
	}
	v.Object = objectText(a.Object, names)
	v.Confirms = !v.Mine && confirms(me, a.Kind)
	return v
}

// objectText says what an act is done to: a person by name, and an own role with
// whoever gets it.
func objectText(object string, names map[sekisho.PersonID]string) string {
	at := strings.LastIndexByte(object, '/') + 1
	name := names[sekisho.PersonID(object[at:])]
	switch {
	case name == "":
		return object
	case at == 0:
		return name
	}
	return object[:at-1] + " → " + name
}

var (
	errAsked    = sekisho.Fail(sekisho.KindDenied, "act.asked")
	errMeantime = sekisho.Fail(sekisho.KindConflict, "act.changed_meanwhile")
)

// performer is what this door knows of one kind of dangerous act. What is to be
// done travels as JSON, so that what was asked for and what is done are the same
// bytes.
type performer struct {
	// judge says to what by does it, and what of it is dangerous; nothing: it may
	// be done by one.
	judge func(ctx context.Context, by sekisho.PersonID, payload []byte) (object string, dangers []wire.Difference, err error)
	// do does it for by; second says, in the room's own transaction, that another
	// person confirms. nil: the asker does it himself, later.
	do func(ctx context.Context, by sekisho.PersonID, payload []byte, second storage.Second) (any, error)
	// always needs two, also while there has never been a second administrator.
	always bool
}

// acting makes a performer of functions that take what is to be done.
func acting[P any](judge func(context.Context, sekisho.PersonID, P) (string, []wire.Difference, error), do func(context.Context, sekisho.PersonID, P, storage.Second) (any, error)) performer {
	return performer{
		judge: func(ctx context.Context, by sekisho.PersonID, payload []byte) (string, []wire.Difference, error) {
			var p P
			if err := json.Unmarshal(payload, &p); err != nil {
				return "", nil, err
			}
			return judge(ctx, by, p)
		},
		do: func(ctx context.Context, by sekisho.PersonID, payload []byte, second storage.Second) (any, error) {
			var p P
			if err := json.Unmarshal(payload, &p); err != nil {
				return nil, err
			}
			return do(ctx, by, p, second)
		},
	}
}

// dangerous does what the caller wants where one person may do it, and asks for a
// second one where not: then it is errAsked, and nothing has changed.
func dangerous[V any](ctx context.Context, d *Door, kind string, in any) (*answer[V], error) {
	payload, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	me, k := callerOf(ctx).who.Person, d.performers[kind]
	object, dangers, err := k.judge(ctx, me, payload)
	if err != nil {
		return nil, err
	}
	if len(dangers) > 0 {
		two, err := d.people.FourEyes(ctx)
		if err != nil {
			return nil, err
		}
		if two || k.always {
			if _, err := d.approvals.Propose(ctx, approvals.Act{Kind: kind, Object: object, Asker: me, Payload: payload, Differences: dangers}); err != nil {
				return nil, err
			}
			return nil, errAsked
		}
		if err := d.approvals.Alone(ctx, me, kind, object); err != nil {
			return nil, err
		}
	}
	out, err := k.do(ctx, me, payload, nil)
	if err != nil {
		return nil, err
	}
	view, ok := out.(V)
	if !ok {
		return nil, errMalformed
	}
	return reply(view, nil)
}

// confirmation is a second person's word for what he was shown.
type confirmation struct {
	by     sekisho.PersonID
	id     sekisho.ActID
	digest string
	proof  string
}

// perform does what is confirmed, if it would still change just what was shown.
// The confirmation and what it does are one transaction.
func (d *Door) perform(ctx context.Context, c confirmation) (any, error) {
	a, err := d.approvals.Act(ctx, c.id)
	if err != nil {
		return nil, err
	}
	k, known := d.performers[a.Kind]
	if known && k.do == nil { // its asker uses the confirmation
		_, err := d.approvals.Confirm(ctx, c.by, c.id, c.digest, c.proof)
		return nil, err
	}
	result, err := d.performNow(ctx, a, k, func(ctx context.Context, tx storage.Tx) error {
		return d.approvals.Carry(ctx, tx, c.by, c.id, c.digest, c.proof)
	})
	return result, d.approvals.Settle(ctx, c.by, c.id, c.digest, c.proof, err)
}

func (d *Door) performNow(ctx context.Context, a approvals.Act, k performer, second storage.Second) (any, error) {
	if k.judge == nil {
		return nil, errNotFound
	}
	object, dangers, err := k.judge(ctx, a.Asker, a.Payload)
	if err != nil {
		return nil, err
	}
	if object != a.Object || !slices.Equal(dangers, a.Differences) {
		return nil, errMeantime
	}
	return k.do(ctx, a.Asker, a.Payload, second)
}
