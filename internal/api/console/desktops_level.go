package console

import (
	"context"
	"net"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/wire"
)

// errApart refuses a lower level together with something else: nothing is half changed.
var errApart = sekisho.Fail(sekisho.KindInvalid, "desktop.level_apart")

// levelAct says how much personal data a desktop shows, and what it was for whoever
// asked: of another level, or at another address, it is not what is judged.
type levelAct struct {
	Desktop sekisho.DesktopID
	Level   grants.Level
	Was     grants.Level
	Address string
}

func address(d Desktop) string { return net.JoinHostPort(d.Host, strconv.Itoa(d.Port)) }

// judgeLevel shows whoever confirms which machine it is: under another name, or at
// another address, it is not what was asked for.
func (d *Door) judgeLevel(ctx context.Context, _ sekisho.PersonID, in levelAct) (string, []wire.Difference, error) {
	one, err := d.desktop(ctx, in.Desktop)
	if err != nil {
		return "", nil, err
	}
	was, err := d.book.LevelOf(ctx, one.ID)
	if err != nil || in.Level == grants.LevelFull {
		return string(one.ID), nil, err
	}
	at := address(one)
	if was != in.Was || at != in.Address {
		return "", nil, errMeantime
	}
	if !in.Level.Lowers(was) {
		return string(one.ID), nil, nil
	}
	return string(one.ID), []wire.Difference{
		{Field: "desktop.level", Before: string(was), After: string(in.Level)},
		{Field: "desktop.name", Before: one.Name, After: one.Name, Beside: true},
		{Field: "desktop.address", Before: at, After: at, Beside: true},
	}, nil
}

func (d *Door) doLevel(ctx context.Context, by sekisho.PersonID, in levelAct, second storage.Second) (any, error) {
	there := func(ctx context.Context, tx storage.Tx) error {
		if in.Level == grants.LevelFull {
			return second.Said(ctx, tx)
		}
		one, err := d.desktops.In(ctx, tx, in.Desktop)
		if err == nil && address(one) != in.Address {
			err = grants.ErrLevelMeantime
		}
		if err != nil {
			return err
		}
		return second.Said(ctx, tx)
	}
	if err := d.book.MarkSeconded(ctx, by, in.Desktop, grants.Step{From: in.Was, To: in.Level}, there); err != nil {
		return nil, err
	}
	one, err := d.desktop(ctx, in.Desktop)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	return d.desktopView(ctx, one, names)
}

// apart refuses to lower a level together with something else once it takes two.
func (d *Door) apart(ctx context.Context) error {
	two, err := d.people.FourEyes(ctx)
	if err == nil && two {
		err = errApart
	}
	return err
}

func (d *Door) createDesktop(ctx context.Context, in *newDesktop) (*answer[DesktopView], error) {
	lower := in.Body.Level != "" && in.Body.Level.Lowers(grants.LevelFull)
	if lower {
		if err := d.apart(ctx); err != nil {
			return nil, err
		}
	}
	one, err := d.desktops.Create(ctx, callerOf(ctx).who.Person, Desktop{Name: in.Body.Name, Host: in.Body.Host, Port: in.Body.Port}, in.Body.Secret)
	if err != nil {
		return nil, err
	}
	if lower {
		return dangerous[DesktopView](ctx, d, approvals.ActLevel, levelAct{Desktop: one.ID, Level: in.Body.Level, Was: grants.LevelFull, Address: address(one)})
	}
	return d.shownDesktop(ctx, one)
}

func (d *Door) updateDesktop(ctx context.Context, in *changeDesktop) (*answer[DesktopView], error) {
	by, b := callerOf(ctx).who.Person, in.Body
	one, err := d.desktop(ctx, sekisho.DesktopID(in.ID))
	if err != nil {
		return nil, err
	}
	was, err := d.book.LevelOf(ctx, one.ID)
	if err != nil {
		return nil, err
	}
	next := one
	change(&next.Name, b.Name)
	change(&next.Host, b.Host)
	change(&next.Port, b.Port)
	moved, touched := next.Host != one.Host || next.Port != one.Port, b.Name != nil || b.Host != nil || b.Port != nil || b.Secret != nil
	if moved {
		was = grants.LevelFull
	}
	if b.Level != nil && touched && b.Level.Lowers(was) {
		if err := d.apart(ctx); err != nil {
			return nil, err
		}
	}
	if moved { // first: at no moment is the new machine reached by the old one's level
		if err := d.book.MarkSeconded(ctx, by, one.ID, grants.Step{To: grants.LevelFull}, nil); err != nil {
			return nil, err
		}
	}
	if touched {
		if one, err = d.desktops.Move(ctx, by, next, b.Secret, d.unmarked(one.ID)); err != nil {
			return nil, err
		}
	}
	if b.Level != nil {
		return dangerous[DesktopView](ctx, d, approvals.ActLevel, levelAct{Desktop: one.ID, Level: *b.Level, Was: was, Address: address(one)})
	}
	return d.shownDesktop(ctx, one)
}

// unmarked lets a desktop move only where it shows everything: what was lowered in
// between was lowered for the old machine.
func (d *Door) unmarked(id sekisho.DesktopID) storage.Second {
	return func(ctx context.Context, tx storage.Tx) error {
		l, err := d.book.LevelIn(ctx, tx, id)
		if err == nil && l != grants.LevelFull {
			err = grants.ErrLevelMeantime
		}
		return err
	}
}
