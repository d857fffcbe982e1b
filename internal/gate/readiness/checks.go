package readiness

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// By is who answers, and where: one session on one issued PC.
type By struct {
	Person  sekisho.PersonID
	Device  sekisho.DeviceID
	Session sekisho.SessionID
}

const (
	perDay  = 5   // self-checks of one person in 24 hours
	listed  = 500 // self-checks of a list
	history = 20  // of one person
)

// Own tells the caller what is asked of him, and how his newest self-check stands.
func (r *Readiness) Own(ctx context.Context, by By) (out wire.RoomCheck, err error) {
	home, err := r.deps.Facts.WorksAtHome(ctx, by.Person, by.Device)
	if err != nil {
		return out, fmt.Errorf("readiness: own: %w", err)
	}
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		rules, err := newestRules(ctx, tx)
		if err != nil {
			return err
		}
		mine, err := ofPerson(ctx, tx, by.Person, history)
		if err != nil {
			return err
		}
		s := rules.stand(mine, r.clk.Now())
		out = wire.RoomCheck{
			Rules: rules.Version, Photo: rules.Photo, ValidMonths: rules.ValidMonths, KeepDays: rules.KeepDays, Questions: rules.Questions,
			Asked: home, State: s.State, Until: moment(s.Until),
		}
		out.Due = out.Asked && (s.Light == Red || s.State == StandLate)
		if len(mine) > 0 {
			c := mine[0]
			out.Last = &wire.RoomDone{
				At: c.At.UTC(), Answers: c.Answers, Remark: c.Remark, State: string(c.State), Ready: c.Ready, Note: c.Note, Decided: moment(c.Decided),
				Photo: c.Photo, PhotoUntil: moment(c.PhotoUntil),
			}
			if c.Rules != rules.Version {
				out.Last.Answers = []wire.RoomAnswer{} // to other questions
			}
		}
		return nil
	})
	if err != nil {
		return wire.RoomCheck{}, fmt.Errorf("readiness: own: %w", err)
	}
	return out, nil
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// Answer writes the caller's self-check, dated now. It waits until a supervisor
// or an administrator has looked at it.
func (r *Readiness) Answer(ctx context.Context, by By, in wire.RoomAnswers) error {
	if by.Session == "" || by.Person == "" {
		return errSession
	}
	remark := strings.TrimSpace(in.Remark)
	if !wire.ValidText(remark, maxRemark) {
		return errRemark
	}
	c := Check{
		ID: sekisho.RoomCheckID(wire.NewID()), Person: by.Person, Device: by.Device, Session: by.Session, At: r.clk.Now(),
		Rules: in.Rules, Answers: in.Answers, Remark: remark, State: Waiting,
	}
	sealed, err := r.sealed(c.ID, in.Photo)
	if err != nil {
		return fmt.Errorf("readiness: answer: %w", err)
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		rules, err := newestRules(ctx, tx)
		if err != nil {
			return err
		}
		if c, err = rules.taken(c, sealed != nil); err != nil {
			return err
		}
		mine, err := ofPerson(ctx, tx, by.Person, perDay)
		if err != nil {
			return err
		}
		if len(mine) == perDay && c.At.Sub(mine[perDay-1].At) < 24*time.Hour {
			return errMany
		}
		if err := insert(ctx, tx, c, sealed); err != nil {
			return err
		}
		return r.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: "readiness.checked", Actor: audit.Actor{Person: by.Person, Device: by.Device, Role: sekisho.RoleOperator},
			Object: audit.Object{Type: "person", ID: string(by.Person)}, Decision: audit.Allow, Session: by.Session,
			Detail: map[string]string{"check": string(c.ID), "version": strconv.Itoa(c.Rules), "ready": strconv.FormatBool(c.Ready), "photo": strconv.FormatBool(sealed != nil)},
		})
	})
	if err != nil {
		return fmt.Errorf("readiness: answer: %w", err)
	}
	r.changed(c)
	return nil
}

// taken judges a self-check by the rules in force.
func (r Rules) taken(c Check, photo bool) (Check, error) {
	if c.Rules != r.Version {
		return Check{}, errChanged
	}
	ready, valid := r.ready(c.Answers)
	switch {
	case !valid:
		return Check{}, errAnswers
	case photo && r.Photo == PhotoNone:
		return Check{}, errNoPhotos
	case !photo && r.Photo == PhotoRequired:
		return Check{}, errNeedPhoto
	}
	c.Ready = ready
	if photo {
		c.Photo, c.PhotoUntil = true, c.At.AddDate(0, 0, r.KeepDays)
	}
	return c, nil
}

// Decide accepts a self-check or returns it with a note. What waits and is older
// than another that waits is not accepted: the room may be another by now.
func (r *Readiness) Decide(ctx context.Context, by audit.Actor, id sekisho.RoomCheckID, accept bool, note string) (c Check, err error) {
	if note = strings.TrimSpace(note); !wire.ValidText(note, maxRemark) || !accept && note == "" {
		return Check{}, errNote
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.may(ctx, tx, by); err != nil {
			return err
		}
		if c, err = one(ctx, tx, id); err != nil {
			return err
		}
		switch {
		case c.Person == by.Person:
			return errOwn
		case c.State != Waiting:
			return errDecided
		case accept && !c.Ready:
			return errLacking
		}
		if newest, err := newestWaiting(ctx, tx, c.Person); err != nil || accept && newest != c.ID {
			return because(errOlder, err)
		}
		kind := "readiness.returned"
		if c.State = Returned; accept {
			c.State, kind = Accepted, "readiness.accepted"
		}
		c.Decided, c.Decider, c.Note = r.clk.Now(), by.Person, note
		if err := decide(ctx, tx, c); err != nil {
			return err
		}
		if err := r.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: kind, Actor: by, Object: audit.Object{Type: "person", ID: string(c.Person)}, Decision: audit.Allow,
			Detail: map[string]string{"check": string(c.ID)}, Personal: audit.Personal{"note": note},
		}); err != nil || !accept {
			return err
		}
		old, err := kept(ctx, tx, "person = ? AND id IN (SELECT id FROM readiness_checks WHERE person = ? AND at < ?)", string(c.Person), string(c.Person), storage.Micros(c.At))
		if err != nil {
			return err
		}
		return r.drop(ctx, tx, old, "readiness.newer")
	})
	if err != nil {
		return Check{}, fmt.Errorf("readiness: decide %s: %w", id, err)
	}
	r.changed(c)
	return c, nil
}

// may is nil for supervisors and administrators, as they are now.
func (r *Readiness) may(ctx context.Context, tx storage.Tx, by audit.Actor) error {
	if by.Role != sekisho.RoleSupervisor && by.Role != sekisho.RoleAdministrator {
		return errRole
	}
	if ok, err := r.deps.People.Holds(ctx, tx, by.Person, by.Role); err != nil || !ok {
		return because(errRole, err)
	}
	return nil
}

// Checks lists what waits, the oldest first, and then what was decided last.
func (r *Readiness) Checks(ctx context.Context) (waiting, decided []Check, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		if waiting, err = several(ctx, tx, " WHERE c.state = 'waiting' ORDER BY c.at, c.id LIMIT ?", listed); err != nil {
			return err
		}
		decided, err = several(ctx, tx, " WHERE c.state IN ('accepted', 'returned') ORDER BY c.at DESC, c.id DESC LIMIT ?", listed/5)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("readiness: checks: %w", err)
	}
	return waiting, decided, nil
}

// OfPerson gives how somebody's room stands, and his newest checks with the
// questions of each.
func (r *Readiness) OfPerson(ctx context.Context, p sekisho.PersonID) (s Stand, checks []Check, asked map[int]Rules, err error) {
	asked = map[int]Rules{}
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		rules, err := newestRules(ctx, tx)
		if err != nil {
			return err
		}
		if checks, err = ofPerson(ctx, tx, p, history); err != nil {
			return err
		}
		s = rules.stand(checks, r.clk.Now())
		for _, c := range checks {
			if _, ok := asked[c.Rules]; ok {
				continue
			}
			if asked[c.Rules], err = rulesOf(ctx, tx, c.Rules); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Stand{}, nil, nil, fmt.Errorf("readiness: of person: %w", err)
	}
	return s, checks, asked, nil
}
