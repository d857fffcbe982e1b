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

// levelAct says how much personal data a desktop shows.
type levelAct struct {
	Desktop sekisho.DesktopID
	Level   grants.Level
}

// judgeLevel shows whoever confirms which machine it is: under another name, or at
// another address, it is not what was asked for.
func (d *Door) judgeLevel(ctx context.Context, _ sekisho.PersonID, in levelAct) (string, []wire.Difference, error) {
	one, err := d.desktop(ctx, in.Desktop)
	if err != nil {
		return "", nil, err
	}
	was, err := d.book.LevelOf(ctx, one.ID)
	if err != nil || !in.Level.Lowers(was) {
		return string(one.ID), nil, err
	}
	address := net.JoinHostPort(one.Host, strconv.Itoa(one.Port))
	return string(one.ID), []wire.Difference{
		{Field: "desktop.level", Before: string(was), After: string(in.Level)},
		{Field: "desktop.name", Before: one.Name, After: one.Name, Beside: true},
		{Field: "desktop.address", Before: address, After: address, Beside: true},
	}, nil
}

func (d *Door) doLevel(ctx context.Context, by sekisho.PersonID, in levelAct, second storage.Second) (any, error) {
	if err := d.book.MarkSeconded(ctx, by, in.Desktop, in.Level, second); err != nil {
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
		return dangerous[DesktopView](ctx, d, approvals.ActLevel, levelAct{Desktop: one.ID, Level: in.Body.Level})
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
		if err := d.book.MarkSeconded(ctx, by, one.ID, grants.LevelFull, nil); err != nil {
			return nil, err
		}
	}
	if touched {
		if one, err = d.desktops.Update(ctx, by, next, b.Secret); err != nil {
			return nil, err
		}
	}
	if b.Level != nil {
		return dangerous[DesktopView](ctx, d, approvals.ActLevel, levelAct{Desktop: one.ID, Level: *b.Level})
	}
	return d.shownDesktop(ctx, one)
}
