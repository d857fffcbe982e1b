package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// unsignedFor is how long the log may go on without a signature over what it
// holds. Within that time whoever owns the database could change entries that
// nothing vouches for yet, so that it must be short and end in a refusal.
const unsignedFor = time.Minute

// standing says whether the log is what is remembered of it, and why not.
type standing struct {
	blocked bool
	kind    *sekisho.Error // ErrRolledBack or ErrUnchecked
	why     string
	first   int64 // the smallest size that is remembered and does not fit; 0 if none is known
	lost    int64 // the largest one
}

// signing says whether checkpoints are being signed.
type signing struct {
	covered time.Duration // monotonic reading of the last time that the whole tree was under a signature
	failed  error         // of the last attempt, unless it passes by itself
	refusal error         // what opening acts are told; nil while all is well
}

// refuses says why e may not be written now, or nil.
func (l *Log) refuses(e Event) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped != nil || e.opening() {
		return l.refusalLocked()
	}
	return nil
}

// Opened says whether opening acts are allowed.
func (l *Log) Opened() bool { return l.whyNot() == nil }

// whyNot is why opening acts are refused, or nil.
func (l *Log) whyNot() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refusalLocked()
}

// refusalLocked is whyNot; the caller holds mu.
func (l *Log) refusalLocked() error {
	switch {
	case l.stopped != nil:
		return ErrStopped.Because(l.stopped)
	case l.standing.blocked:
		return l.standing.refusal()
	}
	return l.signing.refusal
}

func (s standing) refusal() error { return s.kind.Because(errors.New(s.why)) }

// isRefusal says whether err is what a log answers that opens nothing, and not
// a failure on the way to knowing.
func isRefusal(err error) bool {
	return errors.Is(err, ErrRolledBack) || errors.Is(err, ErrUnchecked) || errors.Is(err, ErrStopped)
}

// CheckPins compares the log with everything that anybody remembers of it: the
// checkpoints it signed, the one kept outside the database, and what others
// reported. It sets whether opening acts are allowed and returns ErrRolledBack
// if they are not. What cannot be compared is refused too, with ErrUnchecked:
// only a lost connection or an ended context leaves things as they are, since
// without a database nothing opens anyhow.
func (l *Log) CheckPins(ctx context.Context) error {
	now, err := l.compare(ctx)
	if err != nil && storage.Passing(err) {
		return err
	}
	if err != nil {
		now = standing{blocked: true, kind: ErrUnchecked, why: err.Error()}
	}
	l.mu.Lock()
	was := l.standing
	l.standing = now
	l.mu.Unlock()
	if !now.blocked {
		return nil
	}
	if !was.blocked || was.kind != now.kind {
		l.tell(ctx, now.kind, now.why)
	}
	return now.refusal()
}

// compare holds the log against every memory of it.
func (l *Log) compare(ctx context.Context) (now standing, err error) {
	outside, err := l.remembered()
	if err != nil {
		return now, err
	}
	err = l.db.Read(ctx, func(tx storage.Tx) error {
		now = standing{}
		h, err := l.history(ctx, tx)
		if err != nil {
			return err
		}
		l.setEpoch(h.epoch)
		known, err := l.known(ctx, tx, h.epoch)
		if err != nil {
			return err
		}
		if outside != nil {
			known = append(known, *outside)
		}
		for _, m := range known {
			err := h.fits(ctx, tx, m)
			if err != nil && storage.Passing(err) {
				return err
			}
			if err != nil {
				now.misfit(m, h, err)
			}
		}
		return nil
	})
	return now, err
}

// misfit notes a memory that the log does not fit. What is broken says nothing
// about sizes, not even in its row: up to where all is well then show the others.
func (s *standing) misfit(m memory, h *history, why error) {
	first, lost := m.Size, m.Size
	if m.broken != nil {
		first, lost = h.size+1, h.size
	}
	if !s.blocked || first < s.first {
		s.first = first
	}
	s.blocked, s.kind, s.why, s.lost = true, ErrRolledBack, why.Error(), max(s.lost, lost)
}

// signedNow notes how an attempt to sign the tree ended.
func (l *Log) signedNow(ctx context.Context, err error) {
	l.mu.Lock()
	switch {
	case err == nil:
		l.signing.covered, l.signing.failed = l.clk.Mono(), nil
	case !storage.Passing(err):
		l.signing.failed = err
	}
	l.mu.Unlock()
	l.judgeSigning(ctx)
}

// judgeSigning refuses opening acts when the tree cannot be signed for a reason
// that does not pass by itself, and whatever the reason when that lasts.
func (l *Log) judgeSigning(ctx context.Context) {
	now := l.clk.Mono()
	waiting := l.watch.oldest(now)
	l.mu.Lock()
	s := &l.signing
	was := s.refusal
	switch {
	case errors.Is(s.failed, ErrRolledBack):
		s.refusal = s.failed
	case s.failed != nil:
		s.refusal = ErrUnchecked.Because(s.failed)
	case now-s.covered >= unsignedFor:
		s.refusal = ErrUnchecked.Because(fmt.Errorf("nothing could be signed for %v", now-s.covered))
	case waiting >= unsignedFor:
		s.refusal = ErrUnchecked.Because(fmt.Errorf("an entry waits for its number since %v", waiting))
	default:
		s.refusal = nil
	}
	refusal := s.refusal
	l.mu.Unlock()
	if was == nil && refusal != nil {
		kind := ErrUnchecked
		if errors.Is(refusal, ErrRolledBack) {
			kind = ErrRolledBack
		}
		l.tell(ctx, kind, errors.Unwrap(refusal).Error())
	}
}

// hindered says whether signing is what refuses opening acts.
func (l *Log) hindered() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.signing.refusal != nil
}

// mayNotSign is why nothing may be signed, or nil. That signing failed before is no reason.
func (l *Log) mayNotSign() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped != nil || l.standing.blocked {
		return l.refusalLocked()
	}
	return nil
}

// tell writes down that opening acts are refused from now on, where people look.
func (l *Log) tell(ctx context.Context, kind *sekisho.Error, why string) {
	slog.ErrorContext(ctx, "audit: opening acts are refused", "code", kind.Code, "reason", why)
	l.Afterwards(Event{Kind: kind.Code, Actor: Actor{Process: "server"}, Decision: Deny, Reason: kind.Code})
}

func (l *Log) setEpoch(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.epoch = n
}
